import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Stage } from '../../../src-main/contract/run.ts';
import type { StageSpec } from '../../../src-main/contract/workflow.ts';
import type { RunWork } from '../../api/fold-run-work.ts';
import { formatCounted } from '../../format/amount.ts';
import { shortIdentifier } from '../../format/identifier.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { KeyValue } from '../../ui/figures.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Duration, RelativeTime } from '../../ui/times.tsx';
import { AttemptCard, FailureWords, Gates } from './attempt-card.tsx';
import { JsonTree } from './json-tree.tsx';
import classes from './run.module.css';
import { whyEnded } from './run-actions.ts';
import { StageQuestions } from './stage-questions.tsx';
import { isStuck } from './stuck-words.ts';
import { workText } from './work-text.ts';

export interface InspectorProps {
  readonly work: RunWork;
  readonly stage: Stage;
}

/** Everything about one stage: its state and why, what it asks, its attempts, gates, inputs and outputs. */
export function Inspector({ work, stage }: InspectorProps) {
  const spec = work.definition.stages.find(({ name }) => name === stage.name);
  const task = work.tasks.find(({ id }) => id === stage.taskId);
  // They stand with the attempt that they judged, where there is one.
  const hasOwnGates = work.attempts.some((attempt) => attempt.stage === stage.name && attempt.gates.length > 0);
  return (
    <div className={classes.inspector}>
      <Head work={work} stage={stage} spec={spec} />
      <StageQuestions runId={work.run.id} stage={stage.name} />
      <StageFailure work={work} stage={stage} />
      <Attempts work={work} stage={stage} />
      {stage.gates.length > 0 && !hasOwnGates && (
        <Section title="Gates">
          <Gates gates={stage.gates} />
        </Section>
      )}
      <Approvals work={work} stage={stage} />
      {task !== undefined && (
        <Section title="Work">
          <CodeBlock text={workText(task.spec.work)} label="What is asked of the agent" maxHeight={160} />
          <KeyValue
            items={[
              [
                'Task',
                <Link key="task" href={`/tasks/${task.id}`} title={task.id}>
                  {shortIdentifier(task.id)}
                </Link>,
              ],
              ['Folder', <code key="folder">{task.spec.folder}</code>],
              ['Outputs wanted', task.spec.requiredOutputs.length === 0 ? null : task.spec.requiredOutputs.join(', ')],
            ]}
          />
        </Section>
      )}
      {task !== undefined && Object.keys(task.spec.earlierOutputs).length > 0 && (
        <Section title="Inputs from earlier stages">
          <JsonTree value={task.spec.earlierOutputs} label="Inputs from earlier stages" />
        </Section>
      )}
      {stage.outputs !== null && Object.keys(stage.outputs).length > 0 && (
        <Section title="Outputs">
          <JsonTree value={stage.outputs} label={`Outputs of ${stage.name}`} />
        </Section>
      )}
    </div>
  );
}

function Head({ work, stage, spec }: InspectorProps & { readonly spec: StageSpec | undefined }) {
  const needs = work.run.stages.filter(({ name }) => stage.needs.includes(name));
  const why = whyEnded(stage, needs);
  const isAnyStuck = work.attempts.some((attempt) => attempt.stage === stage.name && isStuck(attempt));
  const isQueued = stage.state === 'pending' && stage.taskId !== null;
  return (
    <header className={classes.inspectorHead}>
      <h2 className={classes.stageName}>{spec?.title ?? stage.name}</h2>
      {spec?.title !== undefined && <code className={classes.muted}>{stage.name}</code>}
      <div className={classes.cardHead}>
        <StateMark of="stage" state={stage.state} isStuck={isAnyStuck} {...(isQueued ? { word: 'Queued' } : {})} />
        {stage.startedAt !== null && !stage.inherited && <Duration from={stage.startedAt} to={stage.endedAt} />}
        {stage.endedAt !== null && (
          <span className={classes.atEnd}>
            <RelativeTime at={stage.endedAt} />
          </span>
        )}
      </div>
      {why !== null && <p className={classes.muted}>{why}</p>}
      {stage.needs.length > 0 && <p className={classes.muted}>Needs {stage.needs.join(', ')}.</p>}
    </header>
  );
}

/** Why the stage failed, where its last attempt does not say the same. */
function StageFailure({ work, stage }: InspectorProps) {
  const last = work.attempts.findLast((attempt) => attempt.stage === stage.name);
  if (stage.failure === null || stage.failure.message === last?.failure?.message) return null;
  return <FailureWords failure={stage.failure} />;
}

/** The most attempts that are listed here; the logs offer all of them. */
const mostAttempts = 20;

function Attempts({ work, stage }: InspectorProps) {
  const own = work.attempts.filter((attempt) => attempt.stage === stage.name).toReversed();
  if (own.length === 0) return null;
  return (
    <Section title={formatCounted(own.length, 'attempt')}>
      {own.slice(0, mostAttempts).map((attempt) => (
        <AttemptCard
          key={attempt.id}
          attempt={attempt}
          tasks={work.tasks}
          logHref={`/runs/${work.run.id}/logs?stage=${stage.name}&attempt=${attempt.id}`}
        />
      ))}
    </Section>
  );
}

/** Questions of the stage that were answered; open ones stand above, with their buttons. */
function Approvals({ work, stage }: InspectorProps) {
  const answered = work.approvals.filter(({ stage: of, state }) => of === stage.name && state !== 'open');
  if (answered.length === 0) return null;
  return (
    <Section title="Answered">
      {answered.map((approval) => (
        <div key={approval.id} className={classes.card}>
          <div className={classes.cardHead}>
            <StateMark of="approval" state={approval.state} />
            <span className={classes.atEnd}>
              after <Duration from={approval.requestedAt} to={approval.answeredAt} />
            </span>
          </div>
          <p>{approval.question}</p>
          {approval.comment !== null && <p className={classes.muted}>{approval.comment}</p>}
        </div>
      ))}
    </Section>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <h3 className={classes.sectionTitle}>{title}</h3>
      {children}
    </section>
  );
}
