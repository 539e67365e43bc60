import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ApiOutput } from '../../../src-main/contract/api.ts';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import type { RunSummary } from '../../../src-main/contract/api-runs.ts';
import { useEntry } from '../../api/use-entry.ts';
import { formatCount, formatCounted } from '../../format/amount.ts';
import { useFreezeStore } from '../../frame/freeze-store.ts';
import type { EngineStatus } from '../../frame/use-status.ts';
import { Panel } from '../../ui/panel.tsx';
import type { Shape, Tone } from '../../ui/state-looks.ts';
import { StateShape } from '../../ui/state-mark.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import type { Answer, Question } from '../inbox/questions.ts';
import { answersOf, questionTitle } from '../inbox/questions.ts';
import type { GiveAnswer } from '../inbox/use-questions.ts';
import { useGiveAnswer, useOpenQuestions } from '../inbox/use-questions.ts';
import classes from './overview.module.css';
import type { Reason } from './overview-words.ts';
import { failedAmong, placeOfReason, unsaid } from './overview-words.ts';

export interface NeedsYouProps {
  readonly overview: ApiOutput<'getOverview'>;
  readonly status: EngineStatus | undefined;
}

/** How many of each kind are shown; the views they lead to have all. */
const shownOfKind = 3;

/** Everything that needs a person, most urgent first; one calm line when nothing does. */
export function NeedsYou({ overview, status }: NeedsYouProps) {
  const { questions } = useOpenQuestions();
  const { data } = useEntry('listAgents', {});
  const failed = failedAmong(overview.finished);
  const asked = status === undefined ? questions.length : status.questions.approvals + status.questions.permissions;
  const frozen = status?.frozen ?? null;
  const { reasons, agents, hasDeadLetters } = unsaid(status?.health.reasons ?? [], data?.agents ?? [], {
    deadTasks: overview.deadTasks,
    isFrozen: frozen !== null,
  });
  const count =
    asked + failed.length + agents.length + reasons.length + Number(hasDeadLetters) + Number(frozen !== null);
  if (count === 0) {
    return (
      <div className={classes.calm}>
        <StateShape shape="check" tone="completed" />
        Nothing needs you.
      </div>
    );
  }
  return (
    <div className={classes.alarm}>
      <Panel title="Needs you" isFlush actions={<strong className={classes.count}>{formatCount(count)}</strong>}>
        <ul className={classes.rows}>
          {frozen !== null && <Frozen frozen={frozen} />}
          {reasons.map((reason) => (
            <ReasonNeed key={reason.message} reason={reason} />
          ))}
          <Questions questions={questions} total={asked} />
          <AgentNeeds agents={agents} />
          <RunNeeds failed={failed} />
          {hasDeadLetters && (
            <Need
              shape="cross"
              tone="failed"
              kind="Dead letters"
              what={<Link href="/queue/dead">{formatCounted(overview.deadTasks, 'task')} used up all attempts</Link>}
              detail="Replay them when the cause is gone."
            />
          )}
        </ul>
      </Panel>
    </div>
  );
}

interface NeedProps {
  readonly shape: Shape;
  readonly tone: Tone;
  /** What sort of thing it is, in a word or two. */
  readonly kind: string;
  readonly what: ReactNode;
  /** Why, or what to do. */
  readonly detail: string;
  readonly at?: number | null;
  readonly children?: ReactNode;
}

function Need({ shape, tone, kind, what, detail, at = null, children }: NeedProps) {
  return (
    <li className={classes.need}>
      <span className={classes.kind} data-tone={tone}>
        <StateShape shape={shape} tone={tone} />
        {kind}
      </span>
      <span className={classes.what}>{what}</span>
      <span className={classes.why} title={detail}>
        {detail}
      </span>
      {children}
      <span className={classes.when}>{at !== null && <RelativeTime at={at} />}</span>
    </li>
  );
}

/** Why the engine is not healthy, in its own words, with the way to where it can be mended. */
function ReasonNeed({ reason }: { readonly reason: Reason }) {
  const { state, message, remedy } = reason;
  const place = placeOfReason(reason);
  const isBad = state === 'unhealthy';
  return (
    <Need
      shape={isBad ? 'cross' : 'diamond'}
      tone={isBad ? 'failed' : 'waiting'}
      kind={isBad ? 'Unhealthy' : 'Degraded'}
      what={place === null ? message : <Link href={place}>{message}</Link>}
      detail={remedy}
    />
  );
}

function AgentNeeds({ agents }: { readonly agents: readonly AgentView[] }) {
  return (
    <>
      {agents.slice(0, shownOfKind).map(({ id, state, reason, stateSince }) => (
        <Need
          key={id}
          shape={state === 'crashed' ? 'cross' : 'break'}
          tone={state === 'crashed' ? 'failed' : 'waiting'}
          kind={state === 'crashed' ? 'Crashed' : 'Unhealthy'}
          what={<Link href={`/agents/${id}`}>{id}</Link>}
          detail={reason ?? ''}
          at={stateSince}
        />
      ))}
      <More count={agents.length - shownOfKind} noun="agent" to="/agents" />
    </>
  );
}

function RunNeeds({ failed }: { readonly failed: readonly RunSummary[] }) {
  return (
    <>
      {failed.slice(0, shownOfKind).map(({ id, workflow, failure, endedAt }) => (
        <Need
          key={id}
          shape="cross"
          tone="failed"
          kind="Failed run"
          what={<Link href={`/runs/${id}`}>{workflow}</Link>}
          detail={failure?.message ?? ''}
          at={endedAt}
        />
      ))}
      <More count={failed.length - shownOfKind} noun="failed run" to="/runs?state=failed" />
    </>
  );
}

function Frozen({ frozen }: { readonly frozen: NonNullable<EngineStatus['frozen']> }) {
  return (
    <Need shape="bars" tone="waiting" kind="Frozen" what="Nothing starts." detail={frozen.reason} at={frozen.at}>
      <Button size="compact-xs" variant="default" onClick={() => useFreezeStore.setState({ asks: 'thaw' })}>
        Thaw
      </Button>
    </Need>
  );
}

function Questions({ questions, total }: { readonly questions: readonly Question[]; readonly total: number }) {
  const giveAnswer = useGiveAnswer();
  return (
    <>
      {questions.slice(0, shownOfKind).map((question) => (
        <AskedQuestion key={question.id} question={question} giveAnswer={giveAnswer} />
      ))}
      <More count={total - shownOfKind} noun="question" to="/inbox" />
    </>
  );
}

interface AskedQuestionProps {
  readonly question: Question;
  readonly giveAnswer: GiveAnswer;
}

function AskedQuestion({ question, giveAnswer }: AskedQuestionProps) {
  const [given, setGiven] = useState<string | null>(null);

  async function give(answer: Answer) {
    setGiven(answer.id);
    const isTaken = await giveAnswer(question, { answer, comment: '', always: false });
    // A taken answer removes the line with the event that follows.
    if (!isTaken) setGiven(null);
  }

  const isApproval = question.kind === 'approval';
  return (
    <Need
      shape="diamond"
      tone="waiting"
      kind={isApproval ? 'Approval' : 'Permission'}
      what={<Link href="/inbox">{questionTitle(question)}</Link>}
      detail={
        isApproval
          ? `stage ${question.approval.stage}`
          : `${question.permission.agentId} wants to use ${question.permission.tool}`
      }
      at={question.askedAt}
    >
      <span className={classes.answers}>
        {answersOf(question).map((answer) => (
          <Button
            key={answer.id}
            size="compact-xs"
            variant={answer.allows ? 'filled' : 'default'}
            loading={given === answer.id}
            disabled={given !== null && given !== answer.id}
            onClick={() => void give(answer)}
          >
            {answer.label}
          </Button>
        ))}
      </span>
    </Need>
  );
}

function More({ count, noun, to }: { readonly count: number; readonly noun: string; readonly to: string }) {
  if (count <= 0) return null;
  return (
    <li className={classes.more}>
      <Link href={to}>{formatCounted(count, `more ${noun}`)}</Link>
    </li>
  );
}
