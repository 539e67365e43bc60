import type { RowKind } from '../../../src-main/contract/evolve.ts';
import type { Logger } from '../../../src-main/core/ports.ts';
import { attemptNumbersRise, oneOwner, onlyAllowedEdges } from '../properties/history.ts';
import { applyStep } from './apply-step.ts';
import type { ClaimRules } from './claim-rules.ts';
import { lastPeace } from './last-peace.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Step } from './steps.ts';
import { World } from './world.ts';

/** What a history came to. */
export interface Played {
  /** A sentence for each thing that must not be; empty when all is well. */
  readonly violations: readonly string[];
  readonly events: number;
  readonly launches: number;
  readonly recoveries: number;
}

/** Plays a history from an empty database to its last peace, and holds every property. */
export async function playHistory(
  database: MemoryStore,
  history: {
    readonly seed: number;
    readonly steps: readonly Step[];
    readonly log?: Logger;
    /** SQL that spoils what is stored before it is looked at, to see whether that is seen. */
    readonly spoil?: string;
  },
): Promise<Played> {
  const { seed, steps, log, spoil } = history;
  database.wipe();
  const world = new World({ database, seed, ...(log === undefined ? {} : { log }) });
  let violations: readonly string[];
  try {
    await world.start();
    for (const step of steps) await applyStep(world, step);
    const still = await lastPeace(world);
    if (spoil !== undefined) database.spoil(spoil);
    violations = [...world.violations, ...world.host.violations, ...still, ...lookAll(world)];
  } catch (error) {
    violations = [
      ...world.violations,
      `The history could not be played: ${error instanceof Error ? error.stack : error}`,
    ];
  }
  const events = database.reads.lastSeq();
  world.die();
  return { violations, events, launches: world.host.launches, recoveries: world.recoveries };
}

/** Everything that can be said of what is stored in the end. */
function lookAll(world: World): string[] {
  const { database } = world;
  const events = database.eventsAfter(0);
  const { rules } = world;
  const gap = events.findIndex(({ seq }, index) => seq !== index + 1);
  return [
    ...lost(world).map((text) => `P1: ${text}`),
    ...oneOwner(events).violations.map((text) => `P2: ${text}`),
    ...rules.violations.map((text) => `Claims: ${text}`),
    ...attemptNumbersRise(events).violations.map((text) => `P3: ${text}`),
    ...onlyAllowedEdges(events).violations.map((text) => `P4: ${text}`),
    ...unlike(world, rules).map((text) => `P5: ${text}`),
    ...database.diagnose().map(({ check, detail }) => `P5: ${check}: ${detail}`),
    ...(gap < 0 ? [] : [`P6: event ${events[gap]?.seq} stands in the place of ${gap + 1}.`]),
    ...leasesWithoutTask(world).map((text) => `P6: ${text}`),
  ];
}

function lost({ database, acknowledged }: World): string[] {
  const tasks = [...acknowledged.tasks].filter((id) => database.reads.row('task', id) === null);
  const runs = [...acknowledged.runs].filter((id) => database.reads.row('run', id) === null);
  return [...tasks, ...runs].map((id) => `${id} was acknowledged, and is not stored.`);
}

const compared: readonly RowKind[] = [
  'run',
  'task',
  'attempt',
  'agent',
  'approval',
  'permission',
  'permissionRule',
  'breaker',
  'schedule',
  'firing',
];

/** Rows that are not what the events give. */
function unlike({ database }: World, rules: ClaimRules): string[] {
  return compared.flatMap((kind) =>
    [...rules.rows(kind)]
      .filter(([id, row]) => JSON.stringify(sorted(row)) !== JSON.stringify(sorted(database.reads.row(kind, id))))
      .map(([id]) => `The row of ${kind} ${id} is not what its events give.`),
  );
}

/** The same value with the fields of every object in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, field]) => [name, sorted(field)]));
}

function leasesWithoutTask({ database: { reads } }: World): string[] {
  return reads
    .leases()
    .filter(({ taskId, attemptId, fence }) => {
      const task = reads.row('task', taskId);
      return task?.attemptId !== attemptId || task.fence !== fence;
    })
    .map(({ taskId }) => `The lease of task ${taskId} belongs to no live attempt.`);
}
