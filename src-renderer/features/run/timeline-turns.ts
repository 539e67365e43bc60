import type { EventOf } from '../../../src-main/contract/event.ts';

/** One call of a tool; `to` null: it goes on. */
export interface ToolCall {
  readonly callId: string;
  readonly title: string;
  readonly tool: string;
  readonly from: number;
  readonly to: number | null;
  readonly status: 'running' | 'completed' | 'failed' | 'abandoned';
}

/** What an agent thought and said, with the tools it used because of it. */
export interface Turn {
  /** From 1, within the attempt. */
  readonly number: number;
  readonly from: number;
  readonly to: number | null;
  readonly about: string;
  readonly calls: readonly ToolCall[];
}

interface OpenTurn {
  from: number;
  readonly said: Set<string>;
  readonly calls: Map<string, ToolCall>;
}

const speaking = { thinking: 'thought', replied: 'replied', planned: 'planned' } as const;

/**
 * The turns of one attempt, from what it did, in order. A turn begins when the agent thinks, plans or replies after its
 * tool calls have ended; what it does before it says anything belongs to the first.
 * @param endedAt when the attempt ended, ms; null: it goes on, and so does its last turn.
 */
export function turnsOf(acts: readonly EventOf<'attempt.did'>[], endedAt: number | null): Turn[] {
  const turns: OpenTurn[] = [];
  for (const { at, activity } of acts) {
    if (activity.kind in speaking) speak(turns, at, speaking[activity.kind as keyof typeof speaking]);
    else if (activity.kind === 'toolCallStarted') {
      const { callId, title, tool } = activity;
      lastOr(turns, at).calls.set(callId, { callId, title, tool, from: at, to: null, status: 'running' });
    } else if (activity.kind === 'toolCallFinished') {
      const turn = turns.findLast(({ calls }) => calls.has(activity.callId));
      const call = turn?.calls.get(activity.callId);
      if (call !== undefined) turn?.calls.set(call.callId, { ...call, to: at, status: activity.status });
    }
  }
  return turns.map((turn, index) => close(turn, index + 1, turns[index + 1]?.from ?? endedAt, endedAt));
}

function speak(turns: OpenTurn[], at: number, what: string): void {
  const last = turns.at(-1);
  const isOver = last !== undefined && last.calls.size > 0 && [...last.calls.values()].every(({ to }) => to !== null);
  const turn = last === undefined || isOver ? begin(turns, at) : last;
  turn.said.add(what);
}

function lastOr(turns: OpenTurn[], at: number): OpenTurn {
  return turns.at(-1) ?? begin(turns, at);
}

function begin(turns: OpenTurn[], at: number): OpenTurn {
  const turn: OpenTurn = { from: at, said: new Set(), calls: new Map() };
  turns.push(turn);
  return turn;
}

function close(turn: OpenTurn, number: number, to: number | null, endedAt: number | null): Turn {
  // A call that never said that it had ended ended with the attempt.
  const calls = [...turn.calls.values()].map(
    (call): ToolCall => (call.to === null && endedAt !== null ? { ...call, to: endedAt, status: 'abandoned' } : call),
  );
  const tools = calls.length === 0 ? [] : [`${calls.length} tool ${calls.length === 1 ? 'call' : 'calls'}`];
  return { number, from: turn.from, to, about: [...turn.said, ...tools].join(', '), calls };
}
