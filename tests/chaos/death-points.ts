import { join } from 'node:path';

/** A moment of an engine's work at which its process is killed, from inside. */
export interface DeathPoint {
  /** `spawn` is a process that the agent host is asked for; `copy` is the one that is made before a migration. */
  readonly what: 'commit' | 'spawn' | 'checkpoint' | 'backup' | 'migration' | 'copy';
  /** For `spawn`, `within` is between the start of the process and the record of its number. */
  readonly when: 'before' | 'within' | 'after';
}

/** A point, at which of its occasions, and for `within` how long after its beginning, in microseconds. */
export interface Death extends DeathPoint {
  readonly count: number;
  readonly micros: number;
}

/** What a Node process has to be started with to die so. */
export function startForDeath(death: Death): { readonly execArgv: string[]; readonly env: Record<string, string> } {
  return {
    execArgv: ['--import', join(import.meta.dirname, 'die-at.ts')],
    env: { SIGNALBOX_DIE_AT: `${death.what} ${death.when} ${death.count} ${death.micros}` },
  };
}

/** How the report calls a point. */
export function nameOf({ what, when }: DeathPoint): string {
  if (what !== 'spawn') return `killed ${when} a ${what}`;
  if (when === 'before') return 'killed between the commit of a claim and the request for its process';
  return when === 'after'
    ? 'killed when the process was asked for'
    : 'killed before the number of a process was recorded';
}

const whens = ['before', 'within', 'after'] as const;

/** Every point of an engine at work. */
export const workPoints: readonly DeathPoint[] = (['commit', 'spawn', 'checkpoint', 'backup'] as const).flatMap(
  (what) => whens.map((when) => ({ what, when })),
);

/** Every point of an engine that opens an older database. */
export const migrationPoints: readonly DeathPoint[] = (['copy', 'migration'] as const).flatMap((what) =>
  whens.map((when) => ({ what, when })),
);
