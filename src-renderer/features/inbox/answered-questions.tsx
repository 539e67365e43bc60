import { useMemo } from 'react';
import { Link } from 'wouter';
import { usePages } from '../../api/use-pages.ts';
import type { DataTableProps } from '../../ui/data-table.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/notices.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Duration, RelativeTime } from '../../ui/times.tsx';
import classes from './inbox.module.css';
import type { Question } from './questions.ts';
import { mergeQuestions, questionTitle } from './questions.ts';

const answeredApprovals = {
  states: ['approved' as const, 'rejected' as const, 'expired' as const, 'withdrawn' as const],
};
const answeredPermissions = { states: ['answered' as const, 'expired' as const, 'withdrawn' as const] };

/** What was asked before, newest first: the answer, who gave it, and how long it was waited for. */
export function AnsweredQuestions() {
  const approvals = usePages('listApprovals', answeredApprovals);
  const permissions = usePages('listPermissions', answeredPermissions);
  const rows = useMemo(
    () => mergeQuestions(approvals.rows, permissions.rows).toReversed(),
    [approvals.rows, permissions.rows],
  );
  return (
    <DataTable
      label="Answered questions"
      columns={columns}
      rows={rows}
      rowKey={keyOf}
      isLoading={approvals.isLoading || permissions.isLoading}
      error={approvals.error ?? permissions.error}
      onRetry={() => {
        approvals.refetch();
        permissions.refetch();
      }}
      onEndReached={() => {
        approvals.loadMore();
        permissions.loadMore();
      }}
      empty={
        <EmptyState
          title="Nothing was asked yet."
          hint="Every question stays here with its answer, who gave it and why."
        />
      }
    />
  );
}

const keyOf = ({ id }: Question) => id;

const columns: DataTableProps<Question>['columns'] = [
  { id: 'answer', title: 'Answer', width: 170, cell: (question) => <GivenMark question={question} /> },
  {
    id: 'question',
    title: 'Question',
    cell: (question) => <span className={classes.line}>{questionTitle(question)}</span>,
  },
  { id: 'origin', title: 'Asked by', width: 180, cell: (question) => <Asker question={question} /> },
  { id: 'by', title: 'Answered by', width: 110, cell: answeredBy },
  {
    id: 'waited',
    title: 'Waited',
    width: 110,
    align: 'end',
    cell: (question) => <Duration from={question.askedAt} to={rowOf(question).answeredAt} />,
  },
  {
    id: 'asked',
    title: 'Asked',
    width: 120,
    align: 'end',
    cell: (question) => <RelativeTime at={question.askedAt} />,
  },
  {
    id: 'comment',
    title: 'Comment',
    width: 220,
    cell: (question) => <span className={classes.line}>{rowOf(question).comment ?? ''}</span>,
  },
];

function rowOf(question: Question) {
  return question.kind === 'approval' ? question.approval : question.permission;
}

function GivenMark({ question }: { readonly question: Question }) {
  if (question.kind === 'approval') return <StateMark of="approval" state={question.approval.state} />;
  const { state, answer } = question.permission;
  if (answer === null) return <StateMark of="permission" state={state} />;
  const isAllowed = answer.kind.startsWith('allow');
  return <StateMark of="approval" state={isAllowed ? 'approved' : 'rejected'} word={answer.name} />;
}

function Asker({ question }: { readonly question: Question }) {
  if (question.kind === 'approval') {
    return <Link href={`/runs/${question.approval.runId}`}>stage {question.approval.stage}</Link>;
  }
  return <Link href={`/agents/${question.permission.agentId}`}>{question.permission.agentId}</Link>;
}

function answeredBy(question: Question): string {
  if (question.kind === 'permission') return question.permission.answeredBy ?? '–';
  return question.approval.state === 'expired' ? 'time-out' : 'person';
}
