import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { RunId } from '../../../src-main/contract/ids.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import type { Answer, Question } from '../inbox/questions.ts';
import { answersOf, questionTitle } from '../inbox/questions.ts';
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
  const [comment, setComment] = useState('');
  const [given, setGiven] = useState<string | null>(null);
  const detail = question.kind === 'permission' ? question.permission.detail : '';

  async function give(answer: Answer) {
    setGiven(answer.id);
    // A taken answer removes the question with the event that follows.
    if (!(await giveAnswer(question, { answer, comment, always: false }))) setGiven(null);
  }

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
      <TextInput
        aria-label="Comment, kept with the answer"
        placeholder="Comment, kept with the answer"
        value={comment}
        maxLength={10_000}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <div className={classes.answers}>
        {answersOf(question).map((answer) => (
          <Button
            key={answer.id}
            variant={answer.allows ? 'filled' : 'default'}
            loading={given === answer.id}
            disabled={given !== null && given !== answer.id}
            onClick={() => void give(answer)}
          >
            {answer.label}
          </Button>
        ))}
      </div>
    </article>
  );
}
