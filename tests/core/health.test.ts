import { expect, it } from 'vitest';
import type { Breaker } from '../../src-main/contract/breaker.ts';
import { breakerOfProvider } from '../../src-main/contract/breaker.ts';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import type { HealthSignals } from '../../src-main/core/health.ts';
import { judgeHealth } from '../../src-main/core/health.ts';
import { runningTask } from '../support/samples.ts';

const mebibyte = 1024 * 1024;
const well: HealthSignals = {
  frozen: null,
  agents: [],
  slots: { used: 0, total: 4 },
  longestWaitMs: null,
  deadTasks: 0,
  storeTrouble: null,
  partsInTrouble: [],
  breakers: [],
  stuck: [],
  lateMs: null,
  now: 1_000_000,
  freeBytes: null,
  dataFolder: '/data',
};
const full = { used: 4, total: 4 };
const agent = (change: Partial<HealthSignals['agents'][number]>) => ({
  agents: [
    {
      id: agentIdSchema.parse('worker'),
      state: 'idle',
      reason: null,
      restartAt: null,
      awaited: false,
      ...change,
    } as const,
  ],
});
const storeTrouble = { type: 'storeFailed', message: 'The disk is full.', remedy: 'Free some space.' } as const;

const breaker = (state: Breaker['state']) => ({
  breakers: [
    {
      id: breakerOfProvider('acme'),
      state,
      failuresInRow: 5,
      successesInRow: 0,
      opened: 1,
      retryAt: state === 'open' ? well.now + 60_000 : null,
      lastFailure: { category: 'timeout', class: 'unknown', message: 'too slow' },
      stateSince: 0,
    } as const,
  ],
});
const stuck = (...silentMs: readonly number[]) => ({
  stuck: silentMs.map((ms) => ({ ...runningTask().attempt, since: well.now - ms, evidence: 'no output' })),
});

const table: readonly (readonly [string, Partial<HealthSignals>, 'healthy' | 'degraded' | 'unhealthy', RegExp])[] = [
  ['nothing is wrong', {}, 'healthy', /^$/],
  ['there is space on the disk', { freeBytes: 1024 * mebibyte }, 'healthy', /^$/],
  [
    'little space is left',
    { freeBytes: 1024 * mebibyte - 1 },
    'degraded',
    /^The disk that holds \/data has 1023 MiB left/,
  ],
  ['no space is left', { freeBytes: 99 * mebibyte }, 'unhealthy', /99 MiB left/],
  ['a change could not be stored', { storeTrouble }, 'unhealthy', /^The disk is full\.$/],
  ['R48 an optional part is in trouble', { partsInTrouble: [storeTrouble] }, 'degraded', /^The disk is full\.$/],
  ['everything is frozen', { frozen: 'lunch' }, 'degraded', /frozen: lunch/],
  ['an agent is idle', agent({}), 'healthy', /^$/],
  ['an agent crashed and comes back', agent({ state: 'crashed', restartAt: 5 }), 'degraded', /started again by itself/],
  ['an agent stays down', agent({ state: 'crashed', reason: 'exit 1' }), 'degraded', /stays down \(exit 1\)/],
  ['an agent is stale', agent({ state: 'unhealthy' }), 'degraded', /no sign of life/],
  ['an agent is disabled that nobody needs', agent({ state: 'disabled' }), 'healthy', /^$/],
  ['an agent is disabled that work waits for', agent({ state: 'disabled', awaited: true }), 'degraded', /is disabled/],
  ['work waits a little for a slot', { slots: full, longestWaitMs: 59_999 }, 'healthy', /^$/],
  ['work waits long for a slot', { slots: full, longestWaitMs: 60_000 }, 'degraded', /All 4 slots are taken.* 60 s/],
  ['work waits a minute with free slots', { longestWaitMs: 60_000 }, 'healthy', /^$/],
  ['nobody takes ready work', { longestWaitMs: 300_000 }, 'degraded', /ready for 300 s, and no agent takes it/],
  [
    'a circuit breaker is open',
    breaker('open'),
    'degraded',
    /provider acme is open; it is tried again in 60 s: too slow/,
  ],
  [
    'a circuit breaker is half open',
    breaker('half_open'),
    'degraded',
    /provider acme is half open, and is being tried/,
  ],
  [
    'an attempt does nothing',
    stuck(100_000),
    'degraded',
    /of agent worker has done nothing for 100 s \(no output\)\.$/,
  ],
  ['attempts do nothing', stuck(9, 100_000, 8), 'degraded', /for 100 s \(no output\)\. 2 more do nothing either\.$/],
  ['the main thread is a little late', { lateMs: 199 }, 'healthy', /^$/],
  ['the main thread is late', { lateMs: 200.4 }, 'degraded', /held up for 200 ms, more than once/],
  ['there is a dead letter', { deadTasks: 1 }, 'degraded', /^There is 1 dead letter\.$/],
  ['there are dead letters', { deadTasks: 2 }, 'degraded', /^There are 2 dead letters\.$/],
];

it.each(table)('R67 %s', (_, signals, state, message) => {
  const health = judgeHealth({ ...well, ...signals });
  expect(health.state).toBe(state);
  expect(health.reasons.map((reason) => reason.message).join(' ')).toMatch(message);
  expect(health.reasons.every(({ remedy }) => remedy.length > 0)).toBe(true);
});

it('R67 names every reason, the worst first', () => {
  const health = judgeHealth({ ...well, deadTasks: 3, frozen: 'lunch', freeBytes: 0, storeTrouble });
  expect(health.state).toBe('unhealthy');
  expect(health.reasons.map(({ state }) => state)).toEqual(['unhealthy', 'unhealthy', 'degraded', 'degraded']);
});
