import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../../src-main/contract/event.ts';
import { evolveRun } from '../../src-main/contract/evolve-run.ts';
import type { RunId } from '../../src-main/contract/ids.ts';
import type { Run } from '../../src-main/contract/run.ts';
import { isRunEnded, mayFollow, runTransitions } from '../../src-main/contract/states.ts';
import type { StageSpec, WorkflowDefinition } from '../../src-main/contract/workflow.ts';
import type { RunStep } from '../../src-main/core/decide-run.ts';
import {
  decideNext,
  decideRerun,
  decideRunCancel,
  decideRunPause,
  decideRunResume,
} from '../../src-main/core/decide-run.ts';
import { countingIds } from '../support/counting-ids.ts';
import { stageSpec, workflowOf, workflowVersion } from '../support/samples.ts';

const moment = { at: 1_000, actor: 'engine' as const };
const ids = countingIds();
const failure = { category: 'exit' as const, class: 'unknown' as const, message: 'exit code 1' };

/** A run with its workflow, and a way to let events happen to it. */
function newRun(stages: readonly StageSpec[]) {
  const definition = workflowOf(stages);
  const runId = ids.runId();
  const created: NewEvent = {
    ...moment,
    kind: 'run.created',
    runId,
    workflow: definition.name,
    workflowHash: workflowVersion(definition).hash,
    inputs: {},
    priority: 'normal',
    requestId: runId,
    traceId: ids.traceId(),
    folder: '/work',
    rerunOf: null,
    stages: stages.map(({ name, needs }) => ({ name, needs })),
  };
  return { definition, run: withEvents(null, [created]) };
}

function withEvents(run: Run | null, events: readonly NewEvent[]): Run {
  let next = run;
  for (const event of events) next = evolveRun(next, event);
  if (next === null) throw new Error('the run was never created');
  return next;
}

function happen(run: Run, ...kinds: readonly (readonly [string, string])[]): Run {
  const events = kinds.flatMap(([kind, stage]) => stageEvents(run.id, stage)[kind] ?? []);
  return withEvents(run, events);
}

function stageEvents(runId: RunId, stage: string): Readonly<Record<string, readonly NewEvent[]>> {
  const ref = { ...moment, runId, stage };
  return {
    dispatched: [{ ...ref, kind: 'stage.dispatched', taskId: ids.taskId() }],
    started: [{ ...ref, kind: 'stage.started' }],
    completed: [{ ...ref, kind: 'stage.completed', outputs: { of: stage }, gates: [] }],
    failed: [{ ...ref, kind: 'stage.failed', failure, gates: [], tolerated: false }],
    tolerated: [{ ...ref, kind: 'stage.failed', failure, gates: [], tolerated: true }],
    cancelled: [{ ...ref, kind: 'stage.cancelled', reason: 'by hand' }],
    waiting: [{ ...ref, kind: 'stage.waiting', approvalId: ids.approvalId() }],
    running: [{ ...moment, kind: 'run.started', runId }],
    pause: [{ ...moment, kind: 'run.pauseRequested', runId, reason: 'lunch' }],
    paused: [{ ...moment, kind: 'run.paused', runId }],
    cancel: [{ ...moment, kind: 'run.cancelRequested', runId, reason: 'enough' }],
    awaiting: [{ ...moment, kind: 'run.waiting', runId, waitingFor: 'approval of a' }],
  };
}

/** Steps in short: what is dispatched, stopped or recorded. */
function inShort(steps: readonly RunStep[]): readonly string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'record')
      return step.events.map((event) => event.kind + ('stage' in event ? ` ${event.stage}` : ''));
    return `${step.kind} ${step.stage.name}`;
  });
}

function next(run: Run, definition: WorkflowDefinition, live: readonly string[] = []): readonly string[] {
  return inShort(decideNext(run, definition, (stage) => live.includes(stage.name), moment));
}

const line = [stageSpec('a'), stageSpec('b', { needs: ['a'] }), stageSpec('c', { needs: ['b'] })];
const diamond = [
  stageSpec('a'),
  stageSpec('left', { needs: ['a'] }),
  stageSpec('right', { needs: ['a'] }),
  stageSpec('join', { needs: ['left', 'right'] }),
];

describe('what a run needs next', () => {
  it('R11 is its first stage, then the one whose needs have ended', () => {
    const { run, definition } = newRun(line);
    expect(next(run, definition)).toEqual(['dispatch a']);
    expect(next(happen(run, ['dispatched', 'a']), definition)).toEqual([]);
    expect(next(happen(run, ['completed', 'a']), definition)).toEqual(['dispatch b']);
  });

  it('R34 is every stage without a need between them, and the join when all have ended', () => {
    const { run, definition } = newRun(diamond);
    const started = happen(run, ['running', 'a'], ['completed', 'a']);
    expect(next(started, definition)).toEqual(['dispatch left', 'dispatch right']);
    const half = happen(started, ['dispatched', 'right'], ['completed', 'left']);
    expect(next(half, definition)).toEqual([]);
    expect(next(happen(half, ['completed', 'right']), definition)).toEqual(['dispatch join']);
  });

  it('is its end once all stages have ended', () => {
    const { run, definition } = newRun([stageSpec('a')]);
    const done = happen(run, ['running', 'a'], ['completed', 'a']);
    expect(next(done, definition)).toEqual(['run.completed']);
    expect(next(withEvents(done, [{ ...moment, kind: 'run.completed', runId: run.id }]), definition)).toEqual([]);
  });

  it('R34 is to stop everything when a stage with the policy stop has failed', () => {
    const { run, definition } = newRun(diamond);
    const failed = happen(run, ['running', 'a'], ['completed', 'a'], ['dispatched', 'right'], ['failed', 'left']);
    expect(next(failed, definition)).toEqual(['stage.skipped join', 'stop right']);
    const skipped = withEvents(failed, [
      { ...moment, kind: 'stage.skipped', runId: run.id, stage: 'join', reason: 'stage left failed' },
    ]);
    expect(next(skipped, definition)).toEqual(['stop right']);
    expect(next(happen(skipped, ['cancelled', 'right']), definition)).toEqual(['run.failed']);
  });

  it('R34 goes on past a failure that the policy continue tolerates, and completes', () => {
    const { run, definition } = newRun(line);
    const tolerated = happen(run, ['running', 'a'], ['tolerated', 'a']);
    expect(next(tolerated, definition)).toEqual(['dispatch b']);
    expect(next(happen(tolerated, ['completed', 'b'], ['completed', 'c']), definition)).toEqual(['run.completed']);
  });

  it('R33 skips what needs a failed stage, lets the other branch end, and fails', () => {
    const stages = [
      stageSpec('a', { onFailure: 'skip-dependants' }),
      stageSpec('b', { needs: ['a'] }),
      stageSpec('c', { needs: ['b'] }),
      stageSpec('other'),
    ];
    const { run, definition } = newRun(stages);
    const failed = happen(run, ['running', 'a'], ['failed', 'a']);
    expect(next(failed, definition)).toEqual(['stage.skipped b', 'dispatch other']);
    const skipped = (stage: string): NewEvent => ({
      ...moment,
      kind: 'stage.skipped',
      runId: run.id,
      stage,
      reason: '',
    });
    const later = withEvents(happen(failed, ['completed', 'other']), [skipped('b')]);
    expect(next(later, definition)).toEqual(['stage.skipped c']);
    expect(next(withEvents(later, [skipped('c')]), definition)).toEqual(['run.failed']);
  });

  it('skips what needs a stage that a person cancelled, and is cancelled itself', () => {
    const { run, definition } = newRun(line);
    const cancelled = happen(run, ['running', 'a'], ['cancelled', 'a']);
    expect(next(cancelled, definition)).toEqual(['stage.skipped b']);
    const rest = happen(cancelled, ['completed', 'b'], ['completed', 'c']);
    expect(next(rest, definition)).toEqual(['run.cancelled']);
  });
});

describe('a run that does not fit its workflow', () => {
  it('is a defect: a stage that the workflow does not have cannot be dispatched', () => {
    const { run } = newRun(line);
    expect(() => next(run, workflowOf([stageSpec('other')]))).toThrow('workflow sample has no stage a');
  });

  it('waits where a need is no stage of the run', () => {
    const { run, definition } = newRun([stageSpec('a', { needs: ['ghost'] })]);
    expect(next(run, definition)).toEqual([]);
  });

  it('is cancelled also without a reason to name, and never fails without one', () => {
    const { run, definition } = newRun([stageSpec('a')]);
    const asked = { ...run, cancelRequestedAt: 5, cancelReason: null };
    expect(decideNext(asked, definition, () => false, moment)).toMatchObject([
      { kind: 'record', events: [{ kind: 'stage.cancelled', stage: 'a', reason: 'cancelled' }] },
    ]);
    const failed = happen(run, ['running', 'a'], ['failed', 'a']);
    const bare = { ...failed, stages: failed.stages.map((stage) => ({ ...stage, failure: null })) };
    expect(() => decideNext(bare, definition, () => false, moment)).toThrow('a ended badly without a failure');
  });
});

describe('R35 pausing', () => {
  it('starts nothing new, and waits for live attempts', () => {
    const { run, definition } = newRun(line);
    const asked = happen(run, ['running', 'a'], ['dispatched', 'a'], ['pause', '']);
    expect(next(asked, definition, ['a'])).toEqual([]);
    expect(next(asked, definition)).toEqual(['run.paused']);
    expect(next(happen(asked, ['paused', '']), definition)).toEqual([]);
  });

  it('ends with the run when its last stage ends meanwhile', () => {
    const { run, definition } = newRun([stageSpec('a')]);
    const paused = happen(run, ['running', 'a'], ['pause', ''], ['paused', ''], ['completed', 'a']);
    expect(next(paused, definition)).toEqual(['run.resumed', 'run.completed']);
  });

  it('is refused for a run that has ended or is being cancelled, and asked only once', () => {
    const { run } = newRun(line);
    expect(decideRunPause(run, 'lunch', moment)).toMatchObject({ value: [{ kind: 'run.pauseRequested' }] });
    expect(decideRunPause(happen(run, ['pause', '']), 'lunch', moment)).toEqual({ ok: true, value: [] });
    expect(decideRunPause(happen(run, ['cancel', '']), 'lunch', moment).ok).toBe(false);
    expect(decideRunPause({ ...run, state: 'failed' }, 'lunch', moment).ok).toBe(false);
  });

  it('is undone by resuming, which is refused for a run that is not paused', () => {
    const { run } = newRun(line);
    expect(decideRunResume(happen(run, ['pause', '']), 'go', moment)).toMatchObject({
      value: [{ kind: 'run.resumed' }],
    });
    expect(decideRunResume(run, 'go', moment).ok).toBe(false);
    expect(decideRunResume({ ...run, state: 'completed' }, 'go', moment).ok).toBe(false);
  });
});

describe('R35 cancelling', () => {
  it('cancels what waits, stops what runs, then ends the run', () => {
    const { run, definition } = newRun(line);
    const asked = happen(run, ['running', 'a'], ['dispatched', 'a'], ['cancel', '']);
    expect(next(asked, definition)).toEqual(['stage.cancelled b', 'stage.cancelled c', 'stop a']);
    const ended = happen(asked, ['cancelled', 'a'], ['cancelled', 'b'], ['cancelled', 'c']);
    expect(next(ended, definition)).toEqual(['run.cancelled']);
  });

  it('wakes a run that waits for a person', () => {
    const { run, definition } = newRun([stageSpec('a')]);
    const asked = happen(run, ['running', 'a'], ['waiting', 'a'], ['awaiting', ''], ['cancel', '']);
    expect(next(asked, definition)).toEqual(['stop a']);
    expect(next(happen(asked, ['cancelled', 'a']), definition)).toEqual(['run.continued', 'run.cancelled']);
  });

  it('is asked only once, and refused for a run that has ended', () => {
    const { run } = newRun(line);
    expect(decideRunCancel(run, 'enough', moment)).toMatchObject({ value: [{ kind: 'run.cancelRequested' }] });
    expect(decideRunCancel(happen(run, ['cancel', '']), 'enough', moment)).toEqual({ ok: true, value: [] });
    expect(decideRunCancel({ ...run, state: 'cancelled' }, 'enough', moment).ok).toBe(false);
  });
});

describe('R35 rerunning from a stage', () => {
  const ended = (run: Run): Run => ({ ...run, state: 'failed' });

  it('keeps what completed before it, and nothing that came after it', () => {
    const { run } = newRun(diamond);
    const done = ended(
      happen(run, ['completed', 'a'], ['completed', 'left'], ['completed', 'right'], ['failed', 'join']),
    );
    expect(decideRerun(done, 'left')).toMatchObject({
      ok: true,
      value: { fromStage: 'left', kept: [{ name: 'a' }, { name: 'right' }] },
    });
  });

  it('starts from the first stage that did not complete when none is named', () => {
    const { run } = newRun(line);
    const failed = ended(happen(run, ['completed', 'a'], ['failed', 'b']));
    expect(decideRerun(failed, undefined)).toMatchObject({ value: { fromStage: 'b', kept: [{ name: 'a' }] } });
  });

  it('does not keep a stage whose own needs are done again', () => {
    const { run } = newRun(diamond);
    const odd = ended(happen(run, ['failed', 'a'], ['completed', 'right'], ['failed', 'left']));
    expect(decideRerun(odd, 'left')).toMatchObject({ value: { kept: [] } });
  });

  it('is refused for a live run, an unknown stage, and a run without anything to retry', () => {
    const { run } = newRun(line);
    expect(decideRerun(run, 'a')).toMatchObject({ ok: false, error: { type: 'refused' } });
    expect(decideRerun(ended(run), 'z')).toMatchObject({ ok: false, error: { field: 'fromStage' } });
    const all = {
      ...happen(run, ['completed', 'a'], ['completed', 'b'], ['completed', 'c']),
      state: 'completed' as const,
    };
    expect(decideRerun(all, undefined)).toMatchObject({ ok: false, error: { type: 'refused' } });
  });
});

describe('R16 progress', () => {
  it('is the share of ended stages in whole per cent, whatever they ended as', () => {
    const { run } = newRun(line);
    expect(happen(run, ['completed', 'a']).progress).toBe(33);
    expect(happen(run, ['completed', 'a'], ['failed', 'b']).progress).toBe(67);
    expect(happen(run, ['completed', 'a'], ['failed', 'b'], ['cancelled', 'c']).progress).toBe(100);
  });
});

describe('any workflow', () => {
  /** Acyclic graphs: a stage needs only earlier ones. */
  const graphs = fc
    .array(fc.record({ needs: fc.array(fc.nat(20)), policy: fc.constantFrom('stop', 'continue', 'skip-dependants') }), {
      minLength: 1,
      maxLength: 10,
    })
    .map((nodes) =>
      nodes.map(({ needs, policy }, index) => {
        const earlier = index === 0 ? [] : [...new Set(needs.map((need) => `s${need % index}`))];
        return stageSpec(`s${index}`, { needs: earlier, onFailure: policy as StageSpec['onFailure'] });
      }),
    );

  it('R33 R37 comes to an end along allowed edges, each stage once and after its needs, whatever fails', () => {
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.boolean()), (stages, luck) => {
        const play = new Play(stages, () => luck.next().value === true);
        for (let turn = 0; turn < 200 && !isRunEnded(play.run.state); turn += 1) play.turn();
        expect(isRunEnded(play.run.state)).toBe(true);
        expect(play.run.progress).toBe(100);
      }),
    );
  });
});

/** Carries out what a run needs next, with luck deciding how its stages end. */
class Play {
  run: Run;
  readonly #definition: WorkflowDefinition;
  readonly #dispatched = new Set<string>();
  readonly #isLucky: () => boolean;

  constructor(stages: readonly StageSpec[], isLucky: () => boolean) {
    const { run, definition } = newRun(stages);
    this.run = run;
    this.#definition = definition;
    this.#isLucky = isLucky;
  }

  turn(): void {
    for (const step of decideNext(this.run, this.#definition, () => false, moment)) {
      if (step.kind === 'record') this.#record(step.events);
      else if (step.kind === 'stop') this.#happen('cancelled', step.stage.name);
      else this.#dispatch(step.stage);
    }
  }

  #dispatch({ name, needs, onFailure }: StageSpec): void {
    expect(this.#dispatched).not.toContain(name);
    for (const need of needs) expect(this.run.stages.find((stage) => stage.name === need)?.endedAt).not.toBeNull();
    this.#dispatched.add(name);
    if (this.run.state === 'queued') this.#happen('running', name);
    this.#happen('dispatched', name);
    this.#happen('started', name);
    const failed = onFailure === 'continue' ? 'tolerated' : 'failed';
    this.#happen(this.#isLucky() ? 'completed' : failed, name);
  }

  #happen(what: string, stage: string): void {
    this.#record(stageEvents(this.run.id, stage)[what] ?? []);
  }

  #record(events: readonly NewEvent[]): void {
    for (const event of events) {
      const before = this.run.state;
      this.run = withEvents(this.run, [event]);
      if (this.run.state !== before) expect(mayFollow(runTransitions, before, this.run.state)).toBe(true);
    }
  }
}
