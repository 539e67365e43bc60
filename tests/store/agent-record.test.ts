import { expect, it } from 'vitest';
import { agentAverageMs, failedAttemptsOf } from '../../src-main/store/agent-record.ts';
import { Statements } from '../../src-main/store/connection.ts';
import { connectTo, openTestStore } from './open-test-store.ts';

const attemptSql = `
INSERT INTO attempts (id, task_id, number, agent_id, fence, state, claimed_at_ms, started_at_ms, ended_at_ms, activities, gates, failure)
VALUES (?, ?, 1, ?, 1, ?, 0, ?, ?, 0, '[]', ?)`;
const failure = JSON.stringify({ category: 'exit', class: 'unknown', message: 'exit code 1' });

/** A store with attempts that were never tasks, of which only what is asked for here matters. */
async function storeWith(count: number, attemptOf: (index: number) => { agentId: string; state: string; ms: number }) {
  const { store, file } = await openTestStore();
  const connection = connectTo(file);
  connection.pragma('foreign_keys = OFF');
  const insert = connection.prepare(attemptSql);
  connection.transaction(() => {
    for (let index = 0; index < count; index += 1) {
      const { agentId, state, ms } = attemptOf(index);
      const id = `attempt_${String(index).padStart(26, '0')}`;
      const failed = state === 'completed' ? null : failure;
      insert.run(id, `task_${String(index).padStart(26, '0')}`, agentId, state, 1_000, 1_000 + ms, failed);
    }
  })();
  return { store, connection, statements: new Statements(connection) };
}

it('the mean time is that of the last completed attempts of the agent alone', async () => {
  const { statements, store } = await storeWith(8, (index) => ({
    agentId: index % 2 === 0 ? 'worker' : 'other',
    state: index === 6 ? 'failed' : 'completed',
    ms: index * 100,
  }));
  expect(agentAverageMs(statements, 'worker', 100)).toBe(200);
  expect(agentAverageMs(statements, 'worker', 2)).toBe(300);
  expect(agentAverageMs(statements, 'nobody', 2)).toBeNull();
  expect(store.reads.agentAverageMs('worker' as never, 2)).toBe(300);
  expect(store.reads.failedAttemptsOf('worker' as never, 2)).toMatchObject([{ agentId: 'worker', state: 'failed' }]);
});

it('a clock that went back makes no time negative', async () => {
  const { statements } = await storeWith(1, () => ({ agentId: 'worker', state: 'completed', ms: -500 }));
  expect(agentAverageMs(statements, 'worker', 100)).toBe(0);
});

it('R72 both are found by an index of the agent, so that they cost the same among any number of attempts', async () => {
  const { connection, statements } = await storeWith(20_000, (index) => ({
    agentId: index < 19_000 ? 'other' : 'worker',
    state: index % 10 === 0 ? 'timed_out' : 'completed',
    ms: 10,
  }));
  const plan = (sql: string) =>
    (connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]).map(({ detail }) => detail);
  expect(
    plan("SELECT ended_at_ms FROM attempts WHERE agent_id = 'a' AND state = 'completed' ORDER BY id DESC LIMIT 9"),
  ).toEqual(['SEARCH attempts USING COVERING INDEX attempts_completed_of_agent (agent_id=?)']);
  expect(plan("SELECT id FROM attempts WHERE agent_id = 'a' AND failure IS NOT NULL ORDER BY id DESC LIMIT 9")).toEqual(
    ['SEARCH attempts USING INDEX attempts_failed_of_agent (agent_id=?)'],
  );
  expect(agentAverageMs(statements, 'other', 100)).toBe(10);
  expect(failedAttemptsOf(statements, 'worker', 3).map(({ id }) => Number(id.slice(-5)))).toEqual([
    19_990, 19_980, 19_970,
  ]);
});
