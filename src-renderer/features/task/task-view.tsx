import { Link } from 'wouter';
import type { ApiOutput } from '../../../src-main/contract/api.ts';
import { isAttemptEnded } from '../../../src-main/contract/states.ts';
import type { Task } from '../../../src-main/contract/task.ts';
import { useEntry } from '../../api/use-entry.ts';
import { shortIdentifier } from '../../format/identifier.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { KeyValue } from '../../ui/figures.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Duration, RelativeTime } from '../../ui/times.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useQueryState } from '../../ui/use-query-state.ts';
import { useOpenQuestions } from '../inbox/use-questions.ts';
import { AttemptLog } from '../logs/attempt-log.tsx';
import { AttemptCard, FailureWords } from '../run/attempt-card.tsx';
import { liveEvidence, liveOf } from '../run/evidence.ts';
import { JsonTree } from '../run/json-tree.tsx';
import { isStuck } from '../run/stuck-words.ts';
import { useSigns } from '../run/use-signs.ts';
import { workText } from '../run/work-text.ts';
import classes from './task.module.css';
import { requestedTaskWord } from './task-actions.ts';
import { TaskControls } from './task-controls.tsx';

/** Agents come and go without the task's rows being touched, which changes why it waits; in ms. */
const everyMs = 5_000;

export interface TaskViewProps {
  readonly taskId: string;
}

type Answer = ApiOutput<'getTask'>;

/** One task: why it waits or how it ended, what it asks for, its attempts and their logs. */
export function TaskView({ taskId }: TaskViewProps) {
  const { data, error, refetch } = useEntry('getTask', { taskId }, { everyMs });
  if (data === undefined) {
    return (
      <Page title="Task">
        {error === null ? <Skeleton lines={10} height={18} /> : <ErrorNotice error={error} onRetry={refetch} />}
      </Page>
    );
  }
  return <TaskPage {...data} />;
}

function TaskPage({ task, attempts, waitingBecause }: Answer) {
  const [chosen] = useQueryState('attempt');
  const shown = attempts.find(({ id }) => id === chosen) ?? attempts.at(-1);
  return (
    <Page
      title={task.spec.title}
      about={<About task={task} attempts={attempts} waitingBecause={waitingBecause} />}
      actions={<TaskControls task={task} />}
      isFilled
    >
      <div className={classes.body}>
        <div className={classes.side}>
          {task.failure !== null && <FailureWords failure={task.failure} />}
          {task.runId !== null && <OfRun task={task} />}
          <Panel title="Work">
            <CodeBlock text={workText(task.spec.work)} label="What is asked of the agent" maxHeight={200} />
          </Panel>
          <Panel title="Attempts">
            {attempts.length === 0 ? (
              <p className={classes.muted}>None has begun yet.</p>
            ) : (
              <div className={classes.attempts}>
                {attempts.toReversed().map((attempt) => (
                  <AttemptCard
                    key={attempt.id}
                    attempt={attempt}
                    tasks={[task]}
                    logHref={`/tasks/${task.id}?attempt=${attempt.id}`}
                  />
                ))}
              </div>
            )}
          </Panel>
          <Facts task={task} />
          {task.outputs !== null && (
            <Panel title="Outputs">
              <JsonTree value={task.outputs} label="Outputs" />
            </Panel>
          )}
        </div>
        <section className={classes.log} aria-label="Log">
          {shown === undefined ? (
            <EmptyState title="What the agent prints appears here." hint={waitingBecause ?? undefined} />
          ) : (
            <>
              <h2 className={classes.logTitle}>Log of attempt {shown.number}</h2>
              <AttemptLog attemptId={shown.id} complete={isAttemptEnded(shown.state)} />
            </>
          )}
        </section>
      </div>
    </Page>
  );
}

/** The state with its evidence: why it waits, or the signs of its attempt. */
function About({ task, attempts, waitingBecause }: Answer) {
  const word = requestedTaskWord(task);
  const live = liveOf(attempts);
  const hasStuck = live.some(isStuck);
  const signs = useSigns(attempts);
  const { questions } = useOpenQuestions();
  const asked = questions.filter((each) => each.kind === 'permission' && each.permission.taskId === task.id).length;
  const now = useNow(live.length > 0 ? 1_000 : null);
  const evidence = liveEvidence(live, { tasks: [task], attempts, signs, waitingBecause, asked }, now);
  return (
    <div className={classes.about}>
      <StateMark of="task" state={task.state} isStuck={hasStuck} {...(word === null ? {} : { word })} />
      {evidence !== '' && <span className={classes.evidence}>{evidence}</span>}
      {waitingBecause !== null && !hasStuck && <span className={classes.evidence}>{waitingBecause}</span>}
      <Duration from={task.startedAt} to={task.endedAt} />
      <Identifier id={task.id} />
    </div>
  );
}

/** A task of a run is retried by rerunning the run. */
function OfRun({ task }: { readonly task: Task }) {
  const place = `/runs/${task.runId}${task.stage === null ? '' : `?stage=${task.stage}`}`;
  return (
    <p className={classes.of}>
      Stage {task.stage} of <Link href={place}>run {shortIdentifier(task.runId ?? '')}</Link>
      {task.state === 'dead' && '. To try it again, rerun the run from this stage.'}
    </p>
  );
}

function Facts({ task }: { readonly task: Task }) {
  const { spec } = task;
  const { type, id, capabilities } = spec.selector;
  return (
    <Panel title="About">
      <KeyValue
        items={[
          ['Agent', id ?? type],
          ['Capabilities', capabilities.length === 0 ? null : capabilities.join(', ')],
          ['Folder', <code key="folder">{spec.folder}</code>],
          ['Created', <RelativeTime key="created" at={task.createdAt} />],
          ['Attempts', `${task.attempts}, ${task.failures} of ${spec.retry.maxAttempts} failures used`],
          ['Interruptions', task.interruptions === 0 ? null : task.interruptions],
          ['Needs', spec.needs.length === 0 ? null : <Needs key="needs" ids={spec.needs} />],
          ['Trace', <Identifier key="trace" id={task.traceId} />],
        ]}
      />
    </Panel>
  );
}

function Needs({ ids }: { readonly ids: Task['spec']['needs'] }) {
  return (
    <span className={classes.needs}>
      {ids.map((id) => (
        <Link key={id} href={`/tasks/${id}`} title={id}>
          {shortIdentifier(id)}
        </Link>
      ))}
    </span>
  );
}
