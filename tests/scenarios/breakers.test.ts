/** Agents and a provider that fail for a while, as real processes: the work waits, and none of it is lost. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RealEngine, testAgent, testTask } from '../support/real-engine.ts';
import { notYet, until } from '../support/until.ts';

let engine: RealEngine;

beforeAll(async () => {
  engine = await RealEngine.open({ settings: { breaker: { failures: 3, openMs: 2_000, successes: 1 } } });
});
afterAll(() => engine.close());

test.each(['acp', 'command'] as const)(
  'R59 a quota that an agent of the protocol %s has used up parks its work until there is some again',
  async (protocol) => {
    const name = `spent-${protocol}`;
    await engine.call('saveAgent', testAgent(name, { type: name, protocol, provider: name }));
    const spent = { mode: 'failure', class: 'transient', message: "You've hit your usage limit, try again in 1s" };
    const agent = { agent: { type: name } };
    const ids = await engine.enqueue(
      testTask({ script: [spent, { mode: 'success' }] }, agent),
      ...Array.from({ length: 3 }, () => testTask({ mode: 'success' }, agent)),
    );
    const ends = await Promise.all(ids.map((id) => engine.taskEnd(id)));
    expect(ends.map(({ task }) => task.state)).toEqual(Array(4).fill('completed'));
    const [first, ...others] = ends;
    expect(first?.attempts.map(({ failure }) => failure?.category ?? null)).toEqual(['quota', null]);
    expect(first?.task.failures).toBe(0);
    // What had been begun comes first again, and what waited was not begun before.
    const again = Number(first?.attempts.at(-1)?.claimedAt);
    expect(others.every(({ attempts }) => attempts.length === 1 && Number(attempts[0]?.claimedAt) >= again)).toBe(true);
    const failed = (await engine.eventsOf('breaker.failed')).filter(({ breakerId }) => breakerId.endsWith(name));
    expect(failed).toMatchObject([{ breakerId: `provider:${name}`, to: 'open' }]);
    expect(Number(failed[0]?.retryAt) - Number(failed[0]?.at)).toBeGreaterThanOrEqual(1_000);
    expect(again).toBeGreaterThanOrEqual(Number(failed[0]?.retryAt));
  },
);

test('R59 an agent that fails in a row gets no work until its breaker lets some through, and it says so', async () => {
  await engine.call('saveAgent', testAgent('failing', { type: 'failing' }));
  const agent = { agent: { type: 'failing' }, retry: { maxAttempts: 1 } };
  const broken = testTask({ mode: 'failure', class: 'unknown', message: 'broken' }, agent);
  const ids = await engine.enqueue(broken, broken, broken, testTask({ mode: 'success' }, agent));
  const waitingId = ids[3];
  if (waitingId === undefined) throw new Error('there is no fourth task');
  const because = await until('the task to say why it waits', async () => {
    const { waitingBecause } = await engine.call('getTask', { taskId: waitingId });
    return waitingBecause?.includes('circuit breaker') ? waitingBecause : notYet(waitingBecause);
  });
  expect(because).toMatch(/^the circuit breaker of agent failing has been open for .*broken.*; it is tried again in/);
  const { health } = await engine.call('getStatus', {});
  expect(health.state).toBe('degraded');
  const end = await engine.taskEnd(waitingId);
  expect(end.task.state).toBe('completed');
  const { breakers } = await engine.call('listBreakers', {});
  expect(breakers.find(({ id }) => id === 'agent:failing')).toMatchObject({ state: 'closed', failuresInRow: 0 });
  const findings = await engine.call('runDoctor', {});
  expect(findings.findings.filter(({ check, status }) => check === 'events' && status !== 'ok')).toEqual([]);
});
