import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentDefinition } from '../../src-main/contract/agent.ts';
import type { Breaker } from '../../src-main/contract/breaker.ts';
import { breakerOfAgent, breakerOfProvider } from '../../src-main/contract/breaker.ts';
import type { Failure } from '../../src-main/contract/errors.ts';
import { evolveBreaker } from '../../src-main/contract/evolve-breaker.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import type { Exit, TaskWork } from '../../src-main/contract/task.ts';
import type { AttemptOutcome } from '../../src-main/core/decide-attempt.ts';
import type { Judgement, Verdict } from '../../src-main/core/decide-breaker.ts';
import {
  causeOf,
  decideVerdict,
  heldBecause,
  judgeEnd,
  lengthInWords,
  lettingThrough,
} from '../../src-main/core/decide-breaker.ts';
import { countingIds } from '../support/counting-ids.ts';
import { agentDefinition } from '../support/samples.ts';

const settings = settingsSchema.parse({}).breaker;
const attemptId = countingIds().attemptId();
const prompt: TaskWork = { kind: 'prompt', prompt: 'do it', config: {} };
const ofAgent = breakerOfAgent(agentDefinition().id);
const ofProvider = breakerOfProvider('anthropic');
const failureOf = (category: Failure['category'], change: Partial<Failure> = {}): Failure => ({
  category,
  class: 'unknown',
  message: `it failed of ${category}`,
  ...change,
});
const failed = (category: Failure['category']): AttemptOutcome => ({ kind: 'failed', failure: failureOf(category) });
const interrupted = (by: 'agent' | 'stale', category: Failure['category']): AttemptOutcome => ({
  kind: 'interrupted',
  by,
  counts: true,
  failure: failureOf(category),
});

function judge(
  outcome: AttemptOutcome,
  change: { agent?: Partial<Omit<AgentDefinition, 'id'>>; work?: TaskWork; exit?: Exit } = {},
): Record<string, Verdict['kind']> {
  const definition = agentDefinition({ provider: 'anthropic', ...change.agent });
  const end = { outcome, exit: change.exit ?? null, gates: [] };
  return Object.fromEntries(
    judgeEnd(definition, change.work ?? prompt, end).map(({ breakerId, verdict }) => [breakerId, verdict.kind]),
  );
}

describe('R59 what the end of an attempt says of its agent and its provider:', () => {
  const both = { [ofAgent]: 'bad', [ofProvider]: 'bad' };
  const local = { [ofAgent]: 'bad' };
  const well = { [ofAgent]: 'good', [ofProvider]: 'good' };
  const stop = (stopReason: string): Exit => ({ code: null, signal: null, stopReason });
  const command = { agent: { protocol: 'command' as const } };
  const shell = { agent: { protocol: 'shell' as const } };
  const cases: readonly [string, AttemptOutcome, object, Parameters<typeof judge>[1]?][] = [
    ['a good end is good for both', { kind: 'completed', outputs: {} }, well],
    ['a time-out speaks against both', { kind: 'timedOut', failure: failureOf('timeout') }, both],
    ['an exit code of a command speaks against both', failed('exit'), both, command],
    ['an error of the agent speaks against both', failed('agent'), both],
    ['one that did nothing speaks against both', failed('stuck'), both],
    ['a broken protocol speaks against the program here', failed('protocol'), local],
    ['a handshake that failed speaks against the program here', failed('handshake'), local],
    ['one that cannot be started speaks against the program here', failed('spawn'), local],
    ['one without signs of life speaks against the program here', interrupted('stale', 'stale'), local],
    ['a command that died speaks against the program here', interrupted('agent', 'crash'), local, command],
    ['the death of a process that stays is counted by its restarts', interrupted('agent', 'crash'), {}],
    ['an agent that a person stopped says nothing', interrupted('agent', 'agent'), {}],
    ['a gate that was not met is an answer', failed('gate'), well],
    ['missing outputs are an answer', failed('outputs'), well],
    ['a refusal is an answer', failed('agent'), well, { exit: stop('refusal') }],
    ['a task too large for the limit of tokens is an answer', failed('agent'), well, { exit: stop('max_tokens') }],
    ['a turn that the agent cancelled itself is a failure', failed('agent'), both, { exit: stop('cancelled') }],
    ['a missing folder is the task’s own', failed('folder'), {}],
    ['what the engine did says nothing', failed('engine'), {}],
    ['a cancel says nothing', { kind: 'cancelled', reason: 'enough' }, {}],
    ['a command of a task says nothing of the shell', failed('exit'), {}, shell],
    ['a shell that works says nothing either', { kind: 'completed', outputs: {} }, {}, shell],
    [
      'work that the agent has no way for says nothing',
      failed('agent'),
      {},
      { work: { kind: 'command', command: { kind: 'script', script: 'true' } } },
    ],
    ['a quota is the provider’s', failed('quota'), { [ofProvider]: 'spent' }],
  ];
  it.each(cases)('%s', (_, outcome, expected, change) => {
    expect(judge(outcome, change)).toEqual(expected);
  });

  it('a quota without a provider is the agent’s', () => {
    const { provider: _, ...alone } = agentDefinition({ provider: 'x' });
    const end = { outcome: failed('quota'), exit: null, gates: [] };
    expect(judgeEnd(alone, prompt, end)).toMatchObject([{ breakerId: ofAgent, verdict: { kind: 'spent' } }]);
  });
});

/** A breaker in a test's hand. */
class Subject {
  row: Breaker | null = null;
  at = 1_000_000;

  take(verdict: Verdict): void {
    const judgement: Judgement = { breakerId: ofAgent, verdict };
    const event = decideVerdict(this.row, judgement, attemptId, settings, { at: this.at, actor: 'engine' });
    if (event !== null) this.row = evolveBreaker(this.row, event);
  }

  bad(times = 1): this {
    for (let time = 0; time < times; time += 1) this.take({ kind: 'bad', failure: failureOf('exit') });
    return this;
  }

  spent(retryAt?: number): this {
    const told = retryAt === undefined ? {} : { retryAt };
    this.take({ kind: 'spent', failure: failureOf('quota', told) });
    return this;
  }

  good(times = 1): this {
    for (let time = 0; time < times; time += 1) this.take({ kind: 'good' });
    return this;
  }

  halfOpen(): this {
    this.at = Math.max(this.at, Number(this.row?.retryAt));
    this.row = evolveBreaker(this.row, {
      at: this.at,
      actor: 'engine',
      kind: 'breaker.halfOpened',
      breakerId: ofAgent,
    });
    return this;
  }
}

const minute = 60_000;
const hour = 60 * minute;

describe('R59 a circuit breaker', () => {
  it('has no row as long as nothing fails', () => {
    expect(new Subject().good(3).row).toBeNull();
  });

  it('opens with the fifth failure in a row, for a minute', () => {
    const four = new Subject().bad(4);
    expect(four.row).toMatchObject({ state: 'closed', failuresInRow: 4, retryAt: null });
    expect(four.bad().row).toMatchObject({ state: 'open', opened: 1, retryAt: four.at + minute });
  });

  it('begins to count anew with a success', () => {
    expect(new Subject().bad(4).good().bad(4).row).toMatchObject({ state: 'closed', failuresInRow: 4 });
  });

  it('writes nothing for a success when nothing has failed since the last', () => {
    const subject = new Subject().bad().good();
    const before = subject.row;
    expect(subject.good().row).toBe(before);
  });

  it('is not changed by what was begun before it opened', () => {
    const subject = new Subject().bad(5);
    const before = subject.row;
    expect(subject.bad(3).good(3).row).toBe(before);
  });

  it('closes after two successes, and opens again with one failure', () => {
    const subject = new Subject().bad(5).halfOpen();
    expect(subject.good().row).toMatchObject({ state: 'half_open', successesInRow: 1 });
    expect(subject.good().row).toMatchObject({ state: 'closed', opened: 0, failuresInRow: 0 });
    expect(subject.bad(5).halfOpen().good().bad().row).toMatchObject({ state: 'open', opened: 2 });
  });

  it('stays open twice as long each time, up to an hour', () => {
    const subject = new Subject().bad(5);
    const waits: number[] = [];
    for (let time = 0; time < 8; time += 1) {
      waits.push((Number(subject.row?.retryAt) - subject.at) / minute);
      subject.halfOpen().bad();
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('stays open for as long as settings say, also when that is more than an hour', () => {
    const judgement: Judgement = { breakerId: ofAgent, verdict: { kind: 'bad', failure: failureOf('exit') } };
    const long = { ...settings, failures: 1, openMs: 3 * hour };
    expect(decideVerdict(null, judgement, attemptId, long, { at: 5, actor: 'engine' })).toMatchObject({
      to: 'open',
      retryAt: 5 + 3 * hour,
    });
  });
});

describe('R59 a quota that is used up', () => {
  it('opens at once, for as long as the agent said', () => {
    const subject = new Subject();
    expect(subject.spent(subject.at + 5 * hour).row).toMatchObject({ state: 'open', retryAt: subject.at + 5 * hour });
  });

  it.each([
    ['nothing', undefined],
    ['a time that has passed', 999_999],
    ['a time in a month', 1_000_000 + 31 * 24 * hour],
  ])('opens for a minute when %s was said', (_, told) => {
    const subject = new Subject().spent(told);
    expect(subject.row).toMatchObject({ state: 'open', retryAt: subject.at + minute });
  });

  it('is not asked again without a pause', () => {
    const subject = new Subject();
    expect(subject.spent(subject.at + 1).row?.retryAt).toBe(subject.at + 1_000);
  });

  it('is asked less and less often when a told time proves too early', () => {
    const subject = new Subject();
    subject.spent(subject.at + 2_000).halfOpen();
    subject.spent(subject.at + 2_000);
    expect(Number(subject.row?.retryAt) - subject.at).toBe(2 * minute);
    subject.halfOpen();
    subject.spent(subject.at + 5 * hour);
    expect(Number(subject.row?.retryAt) - subject.at).toBe(5 * hour);
  });

  it('is asked later when a later time is said while it is open, and no sooner', () => {
    const subject = new Subject();
    subject.spent(subject.at + hour);
    subject.spent(subject.at + 2 * hour);
    expect(subject.row).toMatchObject({ opened: 1, retryAt: subject.at + 2 * hour });
    const before = subject.row;
    subject.spent(subject.at + minute).spent();
    expect(subject.row).toBe(before);
  });
});

describe('R59 while a breaker is not closed', () => {
  const open = new Subject().bad(5).row as Breaker;
  const half = new Subject().bad(5).halfOpen().row as Breaker;

  it('only as many attempts are let through as are needed to close it', () => {
    expect(lettingThrough({ ...open, state: 'closed' }, settings)).toBeNull();
    expect(lettingThrough(open, settings)).toBe(0);
    expect(lettingThrough(half, settings)).toBe(2);
    expect(lettingThrough({ ...half, successesInRow: 1 }, settings)).toBe(1);
    expect(lettingThrough({ ...half, successesInRow: 7 }, settings)).toBe(1);
  });

  it('says since when it is open, why, and when it is tried again', () => {
    expect(heldBecause(open, 0, settings, open.stateSince + 20_000)).toBe(
      'the circuit breaker of agent worker has been open for 20 s (it failed of exit); it is tried again in 40 s',
    );
  });

  it('says that it is being tried', () => {
    expect(heldBecause(half, 1, settings, half.stateSince)).toBeNull();
    expect(heldBecause(half, 2, settings, half.stateSince)).toBe(
      'the circuit breaker of agent worker is half open: 2 attempts at a time find out whether it works again',
    );
    expect(heldBecause({ ...half, successesInRow: 1 }, 1, settings, 0)).toMatch(/one attempt at a time finds out/);
    expect(heldBecause({ ...half, state: 'closed' }, 9, settings, 0)).toBeNull();
  });

  it('names what failed last, cut to what a person reads', () => {
    expect(causeOf({ lastFailure: null })).toBe('');
    expect(causeOf({ lastFailure: failureOf('exit', { message: ' Rate limit reached. ' }) })).toBe(
      'Rate limit reached',
    );
    expect(causeOf({ lastFailure: failureOf('exit', { message: 'x'.repeat(400) }) })).toHaveLength(301);
  });

  it.each([
    [-5, '0 s'],
    [1_001, '2 s'],
    [119_000, '119 s'],
    [3 * minute, '3 min'],
    [5 * hour, '5 h'],
  ])('tells a length of %i ms as %s', (ms, words) => {
    expect(lengthInWords(ms)).toBe(words);
  });
});

/** What a breaker is meant to do, as plainly as it can be said. */
class Model {
  state: Breaker['state'] = 'closed';
  #failures = 0;
  #successes = 0;

  take(step: Step): void {
    if (this.state === 'open') {
      if (step === 'halfOpen') this.#enter('half_open');
    } else if (step === 'good') this.#good();
    else if (step !== 'halfOpen') this.#failed(step === 'spent');
  }

  get lets(): number | null {
    return { closed: null, open: 0, half_open: 2 - this.#successes }[this.state];
  }

  #good(): void {
    this.#failures = 0;
    if (this.state === 'half_open') this.#successes += 1;
    if (this.#successes === 2) this.#enter('closed');
  }

  #failed(isSpent: boolean): void {
    this.#failures += 1;
    if (isSpent || this.state === 'half_open' || this.#failures === 5) this.#enter('open');
  }

  #enter(state: Breaker['state']): void {
    this.state = state;
    this.#failures = 0;
    this.#successes = 0;
  }
}

const steps = ['good', 'bad', 'spent', 'halfOpen'] as const;
type Step = (typeof steps)[number];

it('R59 a breaker does what a plain model of it does, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 80 }), (taken) => {
      const subject = new Subject();
      const model = new Model();
      for (const step of taken) {
        if (step !== 'halfOpen' || model.state === 'open') subject[step]();
        model.take(step);
        const state = subject.row?.state ?? 'closed';
        expect(state).toBe(model.state);
        expect(subject.row === null ? null : lettingThrough(subject.row, settings)).toBe(model.lets);
        expect(subject.row === null || subject.row.retryAt === null).toBe(state !== 'open');
      }
    }),
  );
});
