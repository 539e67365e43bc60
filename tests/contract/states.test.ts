import { describe, expect, test } from 'vitest';
import {
  agentStates,
  agentTransitions,
  approvalStates,
  approvalTransitions,
  attemptStates,
  attemptTransitions,
  isAttemptEnded,
  isRunEnded,
  isStageEnded,
  isTaskEnded,
  isTaskLive,
  mayFollow,
  permissionStates,
  permissionTransitions,
  runStates,
  runTransitions,
  stageStates,
  stageTransitions,
  taskStates,
  taskTransitions,
} from '../../src-main/contract/states.ts';

interface Table {
  readonly states: readonly string[];
  readonly table: Readonly<Record<string, readonly string[]>>;
  /** In which state a row is made. */
  readonly first: readonly string[];
  /** From which states nothing leads away. */
  readonly last: readonly string[];
  /** The arrows that the glossary of states promises. */
  readonly promised: readonly string[];
}

const tables: Readonly<Record<string, Table>> = {
  run: {
    states: runStates,
    table: runTransitions,
    first: ['queued'],
    last: ['completed', 'failed', 'cancelled'],
    promised: ['queued running paused running waiting running completed', 'running failed', 'running cancelled'],
  },
  stage: {
    states: stageStates,
    table: stageTransitions,
    first: ['pending'],
    last: ['completed', 'failed', 'skipped', 'cancelled'],
    promised: ['pending running waiting running completed', 'running failed', 'pending skipped', 'running cancelled'],
  },
  task: {
    states: taskStates,
    table: taskTransitions,
    first: ['blocked', 'queued'],
    last: ['completed', 'failed', 'cancelled'],
    promised: ['blocked queued claimed running completed', 'running queued', 'running failed', 'running dead queued'],
  },
  permission: {
    states: permissionStates,
    table: permissionTransitions,
    first: ['open'],
    last: ['answered', 'expired', 'withdrawn'],
    promised: ['open answered', 'open expired', 'open withdrawn'],
  },
  attempt: {
    states: attemptStates,
    table: attemptTransitions,
    first: ['starting'],
    last: ['completed', 'failed', 'timed_out', 'cancelled', 'interrupted'],
    promised: ['starting running completed', 'running timed_out', 'running interrupted'],
  },
  agent: {
    states: agentStates,
    table: agentTransitions,
    first: ['stopped'],
    last: [],
    promised: ['stopped starting idle busy idle busy draining stopped', 'idle unhealthy', 'busy crashed disabled'],
  },
  approval: {
    states: approvalStates,
    table: approvalTransitions,
    first: ['open'],
    last: ['approved', 'rejected', 'expired', 'withdrawn'],
    promised: ['open approved', 'open rejected'],
  },
};

function reachable({ table, first }: Table): ReadonlySet<string> {
  const found = new Set(first);
  for (const state of found) for (const next of table[state] ?? []) found.add(next);
  return found;
}

function pairs(path: string): readonly (readonly [string, string])[] {
  const states = path.split(' ');
  return states.slice(1).map((to, index) => [states[index] ?? '', to] as const);
}

describe.each(Object.entries(tables))('the states of a %s', (_noun, entry) => {
  const { states, table, last, promised } = entry;

  test('are all in the table, each once, and all can be reached', () => {
    expect(Object.keys(table)).toEqual(states);
    expect(new Set(states).size).toBe(states.length);
    expect(reachable(entry)).toEqual(new Set(states));
  });

  test('R07 lead to known states, each once, never to themselves, and terminal ones lead nowhere', () => {
    for (const from of states) {
      const next = table[from] ?? [];
      expect(new Set(next).size).toBe(next.length);
      for (const to of states) expect(mayFollow(table, from, to)).toBe(next.includes(to));
      expect(next.filter((to) => to === from || !states.includes(to))).toEqual([]);
    }
    expect(states.filter((state) => table[state]?.length === 0)).toEqual(last);
  });

  test('follow each other as the glossary says', () => {
    const missing = promised.flatMap(pairs).filter(([from, to]) => !mayFollow(table, from, to));
    expect(missing).toEqual([]);
  });

  test('lead to an end from wherever they are', () => {
    const ends = last.length === 0 ? ['stopped'] : last;
    const stuck = states.filter((state) => !ends.some((end) => reachable({ ...entry, first: [state] }).has(end)));
    expect(stuck).toEqual([]);
  });
});

test('what has ended and what is live are told by the state alone', () => {
  expect({
    runs: runStates.filter(isRunEnded),
    stages: stageStates.filter(isStageEnded),
    tasks: taskStates.filter(isTaskEnded),
    live: taskStates.filter(isTaskLive),
    attempts: attemptStates.filter(isAttemptEnded),
  }).toEqual({
    runs: ['completed', 'failed', 'cancelled'],
    stages: ['completed', 'failed', 'skipped', 'cancelled'],
    tasks: ['completed', 'failed', 'cancelled', 'dead'],
    live: ['claimed', 'running'],
    attempts: ['completed', 'failed', 'timed_out', 'cancelled', 'interrupted'],
  });
});

test('R07 the only way out of an ended task is the requeue of a dead letter', () => {
  const ways = taskStates.filter(isTaskEnded).flatMap((from) => taskTransitions[from].map((to) => `${from} → ${to}`));
  expect(ways).toEqual(['dead → queued']);
});
