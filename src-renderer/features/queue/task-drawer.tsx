import { Button, Drawer, Select } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ApiOutput } from '../../../src-main/contract/api.ts';
import { isTaskEnded, priorities } from '../../../src-main/contract/states.ts';
import { useCommand } from '../../api/use-command.ts';
import { useEntry } from '../../api/use-entry.ts';
import { formatCounted } from '../../format/amount.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { ConfirmWithReason } from '../../ui/confirm-with-reason.tsx';
import { KeyValue } from '../../ui/figures.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { notify } from '../../ui/notify.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Duration, RelativeTime } from '../../ui/times.tsx';
import { isStuck } from '../run/stuck-words.ts';
import { categoryWords } from './category-words.ts';
import classes from './queue.module.css';
import { workText } from './work-text.ts';

type TaskAnswer = ApiOutput<'getTask'>;

export interface TaskDrawerProps {
  /** Which task; null: none, and the drawer is shut. */
  readonly taskId: string | null;
  readonly onClose: () => void;
}

/** One task beside the list: why it waits, what it does, how its attempts went, and what can be done. */
export function TaskDrawer({ taskId, onClose }: TaskDrawerProps) {
  return (
    <Drawer opened={taskId !== null} onClose={onClose} position="right" size="min(560px, 90vw)" title="Task">
      {taskId !== null && <TaskDetails key={taskId} taskId={taskId} />}
    </Drawer>
  );
}

function TaskDetails({ taskId }: { readonly taskId: string }) {
  const { data, error, isLoading, refetch } = useEntry('getTask', { taskId });
  if (error !== null && data === undefined) return <ErrorNotice error={error} onRetry={refetch} />;
  if (isLoading || data === undefined) return <Skeleton lines={8} height={20} />;
  const { task, waitingBecause } = data;
  return (
    <div className={classes.details}>
      <h3 className={classes.detailsTitle}>{task.spec.title}</h3>
      <div className={classes.line}>
        <StateMark of="task" state={task.state} isStuck={data.attempts.some(isStuck)} />
        <Identifier id={task.id} />
        <Link href={`/tasks/${task.id}`}>Open the task</Link>
      </div>
      {waitingBecause !== null && <p className={classes.waiting}>{waitingBecause}</p>}
      <TaskControls answer={data} />
      <TaskFailure answer={data} />
      <TaskFacts answer={data} />
      <CodeBlock
        text={workText(task.spec.work)}
        label={task.spec.work.kind === 'prompt' ? 'Prompt' : 'Command'}
        maxHeight={200}
      />
      <Attempts answer={data} />
    </div>
  );
}

interface DetailProps {
  readonly answer: TaskAnswer;
}

function TaskControls({ answer: { task } }: DetailProps) {
  const [isCancelling, setCancelling] = useState(false);
  const { run: cancel } = useCommand('cancelTask');
  const { run: requeue, isRunning } = useCommand('requeueTask');
  const { run: setPriority } = useCommand('setTaskPriority');
  return (
    <div className={classes.line}>
      {task.state === 'dead' && (
        <Button
          loading={isRunning}
          onClick={async () => {
            const result = await requeue({ taskId: task.id });
            if (result.ok) notify('Put back into the queue');
          }}
        >
          Replay
        </Button>
      )}
      {!isTaskEnded(task.state) && (
        <>
          <Select
            className={classes.agent}
            aria-label="Priority"
            data={[...priorities]}
            value={task.priority}
            allowDeselect={false}
            onChange={(value) => {
              const priority = priorities.find((known) => known === value);
              if (priority !== undefined) void setPriority({ taskId: task.id, priority });
            }}
          />
          <Button variant="default" disabled={task.cancelRequestedAt !== null} onClick={() => setCancelling(true)}>
            {task.cancelRequestedAt === null ? 'Cancel' : 'Being cancelled'}
          </Button>
        </>
      )}
      <ConfirmWithReason
        isOpen={isCancelling}
        title={`Cancel ${task.spec.title}?`}
        consequence="When it runs, it is stopped. This cannot be undone."
        action="Cancel the task"
        isDangerous
        onConfirm={async (reason) => (await cancel({ taskId: task.id, reason })).ok}
        onClose={() => setCancelling(false)}
      />
    </div>
  );
}

function TaskFailure({ answer: { task } }: DetailProps) {
  if (task.failure === null) return null;
  const { category, message, remedy } = task.failure;
  return (
    <div className={classes.failure}>
      <p>
        <strong>Last error</strong> <span className={classes.muted}>{categoryWords[category]}</span>
      </p>
      <CodeBlock text={message} label="Last error" maxHeight={160} />
      {remedy !== undefined && <p className={classes.muted}>{remedy}</p>}
    </div>
  );
}

function TaskFacts({ answer: { task } }: DetailProps) {
  const { spec } = task;
  return (
    <KeyValue
      items={[
        [
          'Asks for',
          [spec.selector.id ?? `type ${spec.selector.type ?? ''}`, ...spec.selector.capabilities].join(', '),
        ],
        [
          'Agent',
          task.agentId === null ? null : (
            <Link key="agent" href={`/agents/${task.agentId}`}>
              {task.agentId}
            </Link>
          ),
        ],
        [
          'Run',
          task.runId === null ? null : (
            <Link key="run" href={`/runs/${task.runId}${task.stage === null ? '' : `?stage=${task.stage}`}`}>
              {task.stage ?? task.runId}
            </Link>
          ),
        ],
        ['Folder', <code key="folder">{spec.folder}</code>],
        ['Priority', isTaskEnded(task.state) ? task.priority : null],
        ['Created', <RelativeTime key="created" at={task.createdAt} />],
        [
          task.endedAt === null ? 'Running for' : 'Took',
          task.startedAt === null ? null : <Duration key="took" from={task.startedAt} to={task.endedAt} />,
        ],
        ['Attempts', `${task.attempts}; it ends after ${formatCounted(spec.retry.maxAttempts, 'failure')}`],
        ['Interruptions', task.interruptions === 0 ? null : task.interruptions],
        ['Environment', Object.keys(spec.env).length === 0 ? null : Object.keys(spec.env).join(', ')],
      ]}
    />
  );
}

function Attempts({ answer: { attempts } }: DetailProps) {
  if (attempts.length === 0) return <p className={classes.muted}>It was not tried yet.</p>;
  return (
    <ul className={classes.attempts} aria-label="Attempts">
      {attempts.map(({ id, number, taskId, state, agentId, claimedAt, endedAt, failure }) => (
        <li key={id}>
          <Link href={`/tasks/${taskId}?attempt=${id}`}>Attempt {number}</Link>
          <StateMark of="attempt" state={state} />
          <span>{agentId}</span>
          <Duration from={claimedAt} to={endedAt} />
          {failure !== null && <p className={classes.muted}>{failure.message}</p>}
        </li>
      ))}
    </ul>
  );
}
