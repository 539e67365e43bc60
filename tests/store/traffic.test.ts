import { expect, it } from 'vitest';
import type { Traffic, TrafficEdge } from '../../src-main/contract/api-traffic.ts';
import { maxTraffic } from '../../src-main/contract/api-traffic.ts';
import type { Event, NewEvent } from '../../src-main/contract/event.ts';
import type { AgentId, RunId, TaskId } from '../../src-main/contract/ids.ts';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import type { Activity, Attempt } from '../../src-main/contract/task.ts';
import type { Store, StoreUnit } from '../../src-main/core/ports.ts';
import { createSystemIds } from '../../src-main/engine/system-ids.ts';
import { openTestStore } from './open-test-store.ts';
import * as events from './sample-events.ts';
import { viewsHere } from './views-here.ts';

const { at } = events;
const minute = 60_000;

/** The clock of a test: ids are made of it, as they are in the engine. */
class Script {
  now = at;
  readonly ids = createSystemIds(() => this.now);
  readonly unit: StoreUnit;

  constructor(unit: StoreUnit) {
    this.unit = unit;
  }

  /** Each event a millisecond after the one before. */
  record(...all: NewEvent[]): void {
    for (const event of all) {
      this.unit.record([{ ...event, at: this.now }]);
      this.now += 1;
    }
  }

  startRun(change: Partial<Parameters<typeof events.runCreated>[0]> = {}): RunId {
    const run = events.runCreated({ runId: this.ids.runId(), ...change });
    this.record(run, { kind: 'run.started', at, actor: 'engine', runId: run.runId });
    return run.runId;
  }

  claim(runId: RunId | null, stage: string | null, agentId: AgentId): Attempt {
    const task = events.addTask(this.unit, { at: this.now, runId, stage });
    if (runId !== null && stage !== null) this.#dispatch(runId, stage, task.taskId);
    return this.claimAgain(agentId);
  }

  claimAgain(agentId: AgentId): Attempt {
    const attempt = events.claimFirst(this.unit, { at: this.now, agentId, attemptId: this.ids.attemptId() });
    if (attempt === null) throw new Error('nothing was claimed');
    this.record(events.attemptStarted(events.claimOf(attempt)));
    return attempt;
  }

  #dispatch(runId: RunId, stage: string, taskId: TaskId): void {
    this.record(
      { kind: 'stage.dispatched', at, actor: 'engine', runId, stage, taskId },
      { kind: 'stage.started', at, actor: 'engine', runId, stage },
    );
  }

  complete(attempt: Attempt): void {
    const { runId, stage } = attempt;
    const claim = events.claimOf(attempt);
    this.record(events.attemptEnded(claim, 'completed', { outputs: {} }), events.taskCompleted(claim));
    if (runId === null || stage === null) return;
    this.record({ kind: 'stage.completed', at, actor: 'engine', runId, stage, outputs: {}, gates: [] });
  }

  /** Fails, and gives the task back. */
  fail(attempt: Attempt, state: 'failed' | 'timed_out' | 'interrupted'): void {
    const claim = events.claimOf(attempt);
    this.record(events.attemptEnded(claim, state, { failure: events.failure }), events.taskReleased(claim));
    this.unit.readyDelayed(this.now, 10);
  }

  did(attempt: Attempt, number: number, activity: Activity): void {
    this.record({ kind: 'attempt.did', at, actor: 'agent', ...events.claimOf(attempt), number, activity });
  }

  /** @param isWithdrawn whether it ends without an answer; otherwise it stays open. */
  askPermission(attempt: Attempt, isWithdrawn: boolean): void {
    const asked = events.permissionRequested(attempt, { permissionId: this.ids.permissionId() });
    this.record(asked);
    const permission = this.unit.row('permission', asked.permissionId);
    if (permission === null) throw new Error('nothing was asked');
    if (isWithdrawn) this.record(events.permissionAnswered(permission));
  }

  /** @param answer null: it stays open. */
  askApproval(runId: RunId, answer: 'approved' | 'expired' | null): void {
    const asked = events.approvalRequested(runId, { approvalId: this.ids.approvalId() });
    this.record(asked);
    if (answer === null) return;
    const { approvalId, stage } = asked;
    this.record({ kind: 'approval.answered', at, actor: 'person', runId, stage, approvalId, answer, comment: null });
  }

  /** @param status null: the call does not end. */
  call(attempt: Attempt, number: number, tool: string, status: 'completed' | 'failed' | 'abandoned' | null): void {
    const callId = `call ${number}`;
    this.did(attempt, number, { kind: 'toolCallStarted', callId, title: `use ${tool}`, tool });
    if (status !== null) this.did(attempt, number + 1, { kind: 'toolCallFinished', callId, status });
  }
}

async function openScripted(play: (script: Script) => void) {
  const { store, file } = await openTestStore();
  await store.write((unit) => {
    unit.putWorkflow(events.sampleWorkflow);
    unit.record([events.agentRegistered()]);
    play(new Script(unit));
  });
  const views = viewsHere(file);
  const ask = async (query: Partial<Parameters<typeof views.getTraffic>[0]> = {}): Promise<Traffic> => {
    const answer = await views.getTraffic({ from: at, to: at + 1_000 * minute, ...query });
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  };
  return { store, ask };
}

const agentNames = ['one', 'two', 'three'].map((id) => agentIdSchema.parse(id));
const pick = <T>(all: readonly T[], index: number): T => all[index % all.length] as T;

/** Forty runs of two stages, a minute apart, with all that agents can say. */
function manyRuns(script: Script): RunId[] {
  return Array.from({ length: 40 }, (_, index) => {
    script.now = at + index * minute;
    const runId = script.startRun();
    const build = script.claim(runId, 'build', pick(agentNames, index));
    script.did(build, 1, { kind: 'thinking' });
    script.call(
      build,
      2,
      pick(['edit', 'execute', 'a tool'], index),
      pick(['completed', 'failed', 'abandoned'], index),
    );
    if (index % 4 === 0) script.call(build, 4, 'fetch', null);
    if (index % 3 === 0) script.askPermission(build, index % 2 === 0);
    script.complete(build);
    if (index % 7 === 6) return runId;
    const first = script.claim(runId, 'test', pick(agentNames, index + (index % 5)));
    if (index % 6 === 5) {
      script.fail(first, pick(['failed', 'timed_out', 'interrupted'], index));
      const second = script.claimAgain(pick(agentNames, index + 1));
      if (index % 4 !== 3) script.complete(second);
    } else script.complete(first);
    if (index % 5 === 0) script.askApproval(runId, pick(['approved', null, 'expired', null], index));
    return runId;
  });
}

interface Wanted {
  readonly from?: number;
  readonly to?: number;
  readonly runId?: RunId;
}

function allEvents(store: Store): Event[] {
  const all: Event[] = [];
  for (;;) {
    const page = store.reads.listEvents({ afterSeq: all.length, order: 'oldest', limit: 1_000 }).events;
    if (page.length === 0) return all;
    all.push(...page);
  }
}

type SaidByEvent = readonly [kind: TrafficEdge['kind'], from: string, to: string, end: string | undefined];

/** What an event says, and how that ended, looked up among all events. Null: nothing is said. */
function saidBy(all: readonly Event[], event: Event): SaidByEvent | null {
  const find = <K extends Event['kind']>(kind: K, isIt: (other: Extract<Event, { kind: K }>) => boolean) =>
    all.find((other): other is Extract<Event, { kind: K }> => {
      return other.kind === kind && isIt(other as Extract<Event, { kind: K }>);
    });
  switch (event.kind) {
    case 'attempt.did': {
      if (event.activity.kind !== 'toolCallStarted') return null;
      const { callId, tool } = event.activity;
      const finished = find('attempt.did', ({ activity, attemptId }) => {
        return activity.kind === 'toolCallFinished' && activity.callId === callId && attemptId === event.attemptId;
      });
      const status = finished?.activity.kind === 'toolCallFinished' ? finished.activity.status : undefined;
      return ['toolCall', `agent:${event.agentId}`, `tool:${tool}`, status];
    }
    case 'permission.requested': {
      const answer = find('permission.answered', ({ permissionId }) => permissionId === event.permissionId);
      return ['question', `agent:${event.agentId}`, 'person:you', answer?.state];
    }
    case 'approval.requested': {
      const answer = find('approval.answered', ({ approvalId }) => approvalId === event.approvalId);
      return ['question', 'workflow:sample', 'person:you', answer?.answer];
    }
    case 'task.claimed': {
      if (event.stage !== 'test') return null;
      const giver = find('task.claimed', ({ runId, stage }) => runId === event.runId && stage === 'build');
      const end = find('attempt.ended', ({ attemptId }) => attemptId === event.attemptId);
      return ['handover', `agent:${giver?.agentId}`, `agent:${event.agentId}`, end?.state];
    }
    default:
      return null;
  }
}

/** The same edges, counted in the plainest way, out of the events. */
function recount(store: Store, { from = 0, to = Number.MAX_SAFE_INTEGER, runId }: Wanted): TrafficEdge[] {
  const all = allEvents(store);
  const edges = new Map<string, TrafficEdge>();
  for (const event of all) {
    const said = saidBy(all, event);
    if (said === null || event.at < from || event.at >= to) continue;
    if (runId !== undefined && (!('runId' in event) || event.runId !== runId)) continue;
    const [kind, one, other, end] = said;
    const key = `${one}>${other}`;
    const known = edges.get(key) ?? { count: 0, failed: 0, abandoned: 0, open: 0, lastAt: 0 };
    edges.set(key, {
      from: one,
      to: other,
      kind,
      count: known.count + 1,
      failed: known.failed + Number(end === 'failed' || end === 'timed_out'),
      abandoned: known.abandoned + Number(['abandoned', 'interrupted', 'withdrawn', 'expired'].includes(String(end))),
      open: known.open + Number(end === undefined),
      lastAt: Math.max(known.lastAt, event.at),
    });
  }
  return [...edges.values()];
}

const byEnds = (edges: readonly TrafficEdge[]) =>
  [...edges].sort((one, other) => (`${one.from} ${one.to}` < `${other.from} ${other.to}` ? -1 : 1));

it('R64 counts who talked to whom: the same as a plain recount of the events', async () => {
  let runs: RunId[] = [];
  const { store, ask } = await openScripted((script) => {
    runs = manyRuns(script);
  });
  const whole = await ask();
  expect(byEnds(whole.edges)).toEqual(byEnds(recount(store, {})));
  expect(whole.edges.map(({ count }) => count)).toEqual(
    whole.edges.map(({ count }) => count).toSorted((a, b) => b - a),
  );
  expect(whole.omitted).toEqual({ nodes: 0, edges: 0 });
  for (const figure of ['failed', 'abandoned', 'open'] as const) {
    expect(whole.edges.some((edge) => edge[figure] > 0)).toBe(true);
  }
  for (const { id, kind, name, count } of whole.nodes) {
    expect(id).toBe(`${kind}:${name}`);
    // What a node says to itself counts once.
    const ends = whole.edges.filter(({ from, to }) => from === id || to === id);
    expect(count).toBe(ends.reduce((sum, edge) => sum + edge.count, 0));
  }

  const span = { from: at + 7 * minute + 3, to: at + 31 * minute + 9 };
  expect(byEnds((await ask(span)).edges)).toEqual(byEnds(recount(store, span)));
  for (const runId of runs.slice(3, 6)) {
    const ofRun = (await ask({ runId })).edges;
    expect(ofRun.length).toBeGreaterThan(1);
    expect(byEnds(ofRun)).toEqual(byEnds(recount(store, { runId })));
  }
  const none = { nodes: [], edges: [], omitted: { nodes: 0, edges: 0 } };
  expect(await ask({ from: at - minute, to: at })).toEqual(none);
  expect(await ask({ from: at + 100 * minute })).toEqual(none);
});

it('R64 answers of one agent, of some kinds, or of what has a text in its name', async () => {
  const { ask } = await openScripted(manyRuns);
  const { edges } = await ask();
  const some = async (query: Parameters<typeof ask>[0]) => byEnds((await ask(query)).edges);
  const those = (isWanted: (edge: TrafficEdge) => boolean) => byEnds(edges.filter(isWanted));
  expect(await some({ agentId: pick(agentNames, 1) })).toEqual(those((edge) => /agent:two/.test(edge.from + edge.to)));
  expect(await some({ kinds: ['toolCall'] })).toEqual(those(({ kind }) => kind === 'toolCall'));
  expect(await some({ kinds: ['question', 'handover'] })).toEqual(those(({ kind }) => kind !== 'toolCall'));
  expect(await some({ search: 'A TOO' })).toEqual(those(({ to }) => to === 'tool:a tool'));
  expect(await some({ search: 'sample' })).toEqual(those(({ from }) => from === 'workflow:sample'));
  expect(await some({ search: 'tool:' })).toEqual([]);
});

it('R64 outputs pass through an approval, and a rerun takes over from who completed them in the run before', async () => {
  const [one, two, three] = agentNames as [AgentId, AgentId, AgentId];
  let rerun: RunId | null = null;
  const { ask } = await openScripted((script) => {
    const stages = [
      { name: 'build', needs: [] },
      { name: 'check', needs: ['build'] },
      { name: 'test', needs: ['check', 'build'] },
    ];
    const runId = script.startRun({ stages });
    script.complete(script.claim(runId, 'build', one));
    script.complete(script.claim(runId, 'test', two));
    script.now += 5 * minute;
    rerun = script.startRun({ stages, rerunOf: { runId, fromStage: 'test' } });
    for (const stage of ['build', 'check']) {
      script.record({ kind: 'stage.inherited', at, actor: 'engine', runId: rerun, stage, outputs: {}, gates: [] });
    }
    script.complete(script.claim(rerun, 'test', three));
    // A task that stands alone takes nothing over.
    script.complete(script.claim(null, null, one));
  });
  const ends = ({ edges }: Traffic) => edges.map(({ from, to, count }) => [from, to, count]);
  expect(ends(await ask())).toEqual([
    ['agent:one', 'agent:two', 1],
    ['agent:one', 'agent:three', 1],
  ]);
  expect(ends(await ask({ runId: rerun ?? undefined }))).toEqual([['agent:one', 'agent:three', 1]]);
});

it('R64 of 5,000 edges to 1,000 tools the busiest are answered, within the bounds, and the rest is counted', async () => {
  const agents = Array.from({ length: 10 }, (_, index) => agentIdSchema.parse(`agent-${index}`));
  const { ask } = await openScripted((script) => {
    for (const [index, agentId] of agents.entries()) {
      const attempt = script.claim(null, null, agentId);
      let number = 1;
      for (let tool = index % 2; tool < 1_000; tool += 2) {
        for (let times = 0; times < (tool < 300 ? 2 : 1); times += 1) {
          script.call(attempt, number, `tool ${tool}`, 'completed');
          number += 2;
        }
      }
      script.complete(attempt);
    }
  });
  const { nodes, edges, omitted } = await ask();
  expect(nodes).toHaveLength(maxTraffic.nodes);
  expect(edges).toHaveLength(maxTraffic.edges);
  expect(omitted).toEqual({ nodes: 1_010 - maxTraffic.nodes, edges: 5_000 - maxTraffic.edges });
  // All of the busier ones are there, and nothing hangs in the air.
  expect(edges.filter(({ count }) => count === 2)).toHaveLength(1_500);
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]));
  expect([...ends].sort()).toEqual(nodes.map(({ id }) => id).sort());
}, 60_000);
