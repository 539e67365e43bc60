import type { Activity } from '../../contract/task.ts';
import type { Statements } from '../connection.ts';
import { seqFrom } from './time-bounds.ts';
import type { Said, SaidEnd, SaidWhen } from './traffic.ts';

const activity = "data ->> '$.activity";
const columns = `at_ms, agent_id, attempt_id, ${activity}.callId', ${activity}.tool', ${activity}.status'`;
const isCall = `kind = 'attempt.did' AND ${activity}.kind' IN ('toolCallStarted', 'toolCallFinished')`;
const allSql = `SELECT ${columns} FROM events WHERE seq >= ? AND ${isCall} ORDER BY seq`;
const ofRunSql = `SELECT ${columns} FROM events WHERE run_id = ? AND seq >= ? AND ${isCall} ORDER BY seq`;

type Status = Extract<Activity, { kind: 'toolCallFinished' }>['status'];
const ends: Readonly<Record<Status, SaidEnd>> = { completed: 'done', failed: 'failed', abandoned: 'abandoned' };

/** Agents that called tools: each call that began in the span, by how it ended, also when it ended after it. */
export function* toolCalls(statements: Statements, { from, to, runId }: SaidWhen): Generator<Said> {
  const first = seqFrom(statements, from);
  const rows = runId === null ? statements.each(allSql, first) : statements.each(ofRunSql, runId, first);
  const open = new Map<string, Omit<Said, 'end'>>();
  for (const [at, agentId, attemptId, callId, tool = null, status] of rows) {
    // Neither an agent nor another attempt of it can be mistaken for this one: ids of attempts have no space.
    const key = `${attemptId} ${callId}`;
    if (tool === null) {
      const call = open.get(key);
      if (call !== undefined) yield { ...call, end: ends[status as Status] };
      open.delete(key);
    } else if (Number(at) >= from && Number(at) < to) {
      open.set(key, {
        kind: 'toolCall',
        from: { kind: 'agent', name: String(agentId) },
        to: { kind: 'tool', name: String(tool) },
        at: Number(at),
      });
    }
  }
  for (const call of open.values()) yield { ...call, end: 'open' };
}
