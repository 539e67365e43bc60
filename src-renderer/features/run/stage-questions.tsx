import type { RunId } from '../../../src-main/contract/ids.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { AnswerForm } from '../inbox/answer-form.tsx';
import type { Question } from '../inbox/questions.ts';
import { questionTitle } from '../inbox/questions.ts';
import { useGiveAnswer } from '../inbox/use-questions.ts';
import classes from './run.module.css';
import { askedIn, useAsked } from './use-asked.ts';

export interface StageQuestionsProps {
  readonly runId: RunId;
  readonly stage: string;
}

/** What the stage, or an agent in it, asks a person now, with its answers; nothing where nothing is asked. */
export function StageQuestions({ runId, stage }: StageQuestionsProps) {
  const asked = useAsked(runId);
  const own = asked.filter((question) => askedIn(question).stage === stage);
  return own.map((question) => <OneQuestion key={question.id} question={question} />);
}

function OneQuestion({ question }: { readonly question: Question }) {
  const giveAnswer = useGiveAnswer();
  const detail = question.kind === 'permission' ? question.permission.detail : '';
  return (
    <article className={classes.question} aria-label={questionTitle(question)}>
      <header className={classes.cardHead}>
        <StateMark of={question.kind} state="open" />
        <span className={classes.atEnd}>
          <RelativeTime at={question.askedAt} />
        </span>
      </header>
      <p className={classes.asked}>{questionTitle(question)}</p>
      {detail !== '' && <CodeBlock text={detail} label="What it would do" maxHeight={140} />}
      <AnswerForm question={question} giveAnswer={giveAnswer} />
    </article>
  );
}
