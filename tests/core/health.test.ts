import { expect, it } from 'vitest';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import type { HealthSignals } from '../../src-main/core/health.ts';
import { judgeHealth } from '../../src-main/core/health.ts';

const mebibyte = 1024 * 1024;
const well: HealthSignals = {
  frozen: null,
  agents: [],
  slots: { used: 0, total: 4 },
  longestWaitMs: null,
  deadTasks: 0,
  storeTrouble: null,
  partsInTrouble: [],
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
