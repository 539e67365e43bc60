import { Checkbox } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { CodeBlock } from '../../ui/code-block.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { AnswerForm } from './answer-form.tsx';
import classes from './inbox.module.css';
import type { Question } from './questions.ts';
import { questionTitle } from './questions.ts';
import type { GiveAnswer } from './use-questions.ts';

export interface QuestionCardProps {
  readonly question: Question;
  /** Whether keys mean this one. */
  readonly isCurrent: boolean;
  readonly isChosen: boolean;
  readonly onCurrent: () => void;
  readonly onChoose: (range: boolean) => void;
  readonly giveAnswer: GiveAnswer;
}

/** One question with everything that is known about it, and its answers. */
export function QuestionCard(props: QuestionCardProps) {
  const { question, isCurrent, isChosen, onCurrent, onChoose } = props;
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isCurrent) card.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  const title = questionTitle(question);
  return (
    <article
      ref={card}
      className={classes.card}
      data-current={isCurrent || undefined}
      aria-label={title}
      onPointerDown={onCurrent}
      onFocus={onCurrent}
    >
      <header className={classes.cardHead}>
        <Checkbox
          aria-label={`Choose: ${title}`}
          checked={isChosen}
          onChange={() => {}}
          onClick={(event) => onChoose(event.shiftKey)}
        />
        <StateMark of={question.kind} state="open" word={question.kind === 'approval' ? 'Approval' : 'Permission'} />
        <Origin question={question} />
        <span className={classes.asked}>
          asked <RelativeTime at={question.askedAt} />
        </span>
      </header>
      <p className={classes.question}>{title}</p>
      {question.kind === 'permission' && question.permission.detail !== '' && (
        <CodeBlock text={question.permission.detail} label="What it would do" maxHeight={180} />
      )}
      <Deadline question={question} />
      <AnswerForm question={question} giveAnswer={props.giveAnswer} />
    </article>
  );
}

/** Who asks, and in which run, with links to both. */
function Origin({ question }: { readonly question: Question }) {
  if (question.kind === 'approval') {
    const { runId, stage } = question.approval;
    return (
      <Link href={`/runs/${runId}?stage=${stage}`} className={classes.origin}>
        stage {stage}
      </Link>
    );
  }
  const { agentId, tool, runId, stage, taskId } = question.permission;
  return (
    <>
      <Link href={`/agents/${agentId}`} className={classes.origin}>
        {agentId}
      </Link>
      <span>wants to use {tool}</span>
      {runId === null ? (
        <Link href={`/tasks/${taskId}`} className={classes.origin}>
          its task
        </Link>
      ) : (
        <Link href={`/runs/${runId}${stage === null ? '' : `?stage=${stage}`}`} className={classes.origin}>
          stage {stage}
        </Link>
      )}
    </>
  );
}

/** What happens when nobody answers, and when. */
function Deadline({ question }: { readonly question: Question }) {
  const expiresAt = question.kind === 'approval' ? question.approval.expiresAt : question.permission.expiresAt;
  if (expiresAt === null) return <p className={classes.deadline}>It waits until you answer.</p>;
  const fate = question.kind === 'approval' ? `it will be ${fates[question.approval.onTimeout]}` : 'it is withdrawn';
  return (
    <p className={classes.deadline}>
      Without an answer {fate} <RelativeTime at={expiresAt} />.
    </p>
  );
}

const fates = { approve: 'approved', reject: 'rejected' } as const;
