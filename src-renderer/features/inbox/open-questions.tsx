import { Button } from '@mantine/core';
import { useState } from 'react';
import { BulkBar } from '../../ui/bulk-bar.tsx';
import { useShortcut } from '../../ui/keyboard.ts';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { notify } from '../../ui/notify.tsx';
import { useSelection } from '../../ui/use-selection.ts';
import classes from './inbox.module.css';
import { QuestionCard } from './question-card.tsx';
import type { Question } from './questions.ts';
import { plainAnswer } from './questions.ts';
import type { GiveAnswer } from './use-questions.ts';
import { useGiveAnswer, useOpenQuestions } from './use-questions.ts';

/** What waits for an answer, oldest first, answered one by one or many at once. */
export function OpenQuestions() {
  const { questions, isLoading, error, refetch, hasMore, loadMore } = useOpenQuestions();
  const giveAnswer = useGiveAnswer();
  const ids = questions.map(({ id }) => id);
  const selection = useSelection(ids);
  const [currentId, setCurrentId] = useState<string | null>(null);
  const current = Math.max(0, ids.indexOf(currentId ?? ''));
  const question = questions[current];
  useQuestionKeys({ ids, current, setCurrentId, question, giveAnswer, choose: selection.toggle });

  if (error !== null && questions.length === 0) return <ErrorNotice error={error} onRetry={refetch} />;
  if (isLoading) return <Skeleton lines={6} height={20} />;
  if (questions.length === 0) {
    return (
      <EmptyState
        title="Nothing waits for you."
        hint="Approvals of workflows and permissions that agents ask for appear here; the work behind them waits for your answer."
      />
    );
  }
  const chosen = questions.filter(({ id }) => selection.keys.has(id));
  return (
    <div className={classes.list}>
      <BulkBar count={chosen.length} noun="question" onClear={selection.clear}>
        <BatchAnswers chosen={chosen} giveAnswer={giveAnswer} onDone={selection.clear} />
      </BulkBar>
      {questions.map((each, index) => (
        <QuestionCard
          key={each.id}
          question={each}
          isCurrent={index === current}
          isChosen={selection.keys.has(each.id)}
          onCurrent={() => setCurrentId(each.id)}
          onChoose={(range) => selection.toggle(each.id, range)}
          giveAnswer={giveAnswer}
        />
      ))}
      {hasMore && (
        <Button variant="default" onClick={loadMore}>
          Show more
        </Button>
      )}
    </div>
  );
}

interface QuestionKeys {
  readonly ids: readonly string[];
  readonly current: number;
  readonly setCurrentId: (id: string | null) => void;
  readonly question: Question | undefined;
  readonly giveAnswer: GiveAnswer;
  readonly choose: (id: string) => void;
}

function useQuestionKeys({ ids, current, setCurrentId, question, giveAnswer, choose }: QuestionKeys): void {
  const group = 'Inbox';
  const enabled = question !== undefined;
  const move = (by: number) => setCurrentId(ids[Math.min(Math.max(0, current + by), ids.length - 1)] ?? null);
  const say = (allows: boolean) => {
    const answer = question === undefined ? null : plainAnswer(question, allows);
    if (question === undefined || answer === null) return;
    // The next one takes its place, so that a row of answers can be typed.
    setCurrentId(ids[current + 1] ?? ids[current - 1] ?? null);
    void giveAnswer(question, { answer, comment: '', always: false });
  };
  useShortcut('j', 'Next question', () => move(1), { group, enabled });
  useShortcut('k', 'Question before', () => move(-1), { group, enabled });
  useShortcut('y', 'Approve, or allow once', () => say(true), { group, enabled });
  useShortcut('n', 'Reject', () => say(false), { group, enabled });
  useShortcut('x', 'Choose the question', () => question !== undefined && choose(question.id), { group, enabled });
}

interface BatchAnswersProps {
  readonly chosen: readonly Question[];
  readonly giveAnswer: GiveAnswer;
  readonly onDone: () => void;
}

/** Yes or no to all that are chosen; each is answered, and may be refused, by itself. */
function BatchAnswers({ chosen, giveAnswer, onDone }: BatchAnswersProps) {
  const [isRunning, setRunning] = useState(false);

  async function giveAll(allows: boolean) {
    setRunning(true);
    const taken = await Promise.all(
      chosen.map((question) => {
        const answer = plainAnswer(question, allows);
        return answer === null ? false : giveAnswer(question, { answer, comment: '', always: false });
      }),
    );
    setRunning(false);
    const count = taken.filter(Boolean).length;
    notify(`${count} of ${chosen.length} answered`, allows ? 'Approved or allowed once.' : 'Rejected.');
    onDone();
  }

  return (
    <>
      <Button loading={isRunning} onClick={() => void giveAll(true)}>
        Approve
      </Button>
      <Button variant="default" disabled={isRunning} onClick={() => void giveAll(false)}>
        Reject
      </Button>
    </>
  );
}
