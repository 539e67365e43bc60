import type { EventKind } from '../../../src-main/contract/event.ts';
import { eventKinds } from '../../../src-main/contract/event.ts';

/** What events are about: the part of their kind before the dot. */
export const eventGroups = [
  'run',
  'stage',
  'task',
  'attempt',
  'agent',
  'breaker',
  'schedule',
  'approval',
  'permission',
  'workflow',
  'engine',
  'settings',
  'history',
  'row',
  'command',
] as const;
export type EventGroup = (typeof eventGroups)[number];

/** The kinds of one group, in the order of the contract. */
export function kindsOf(group: EventGroup): readonly EventKind[] {
  return eventKinds.filter((kind) => kind.startsWith(`${group}.`));
}

/** The kinds that are wanted: all of the chosen groups, and those chosen by name; null when nothing was chosen. */
export function wantedKinds(groups: readonly EventGroup[], kinds: readonly EventKind[]): EventKind[] | null {
  if (groups.length === 0 && kinds.length === 0) return null;
  const wanted = new Set<EventKind>([...groups.flatMap(kindsOf), ...kinds]);
  return eventKinds.filter((kind) => wanted.has(kind));
}
