import type { EventKind } from '../../../src-main/contract/event.ts';
import { eventKinds } from '../../../src-main/contract/event.ts';
import { agentIdSchema, attemptIdSchema, runIdSchema, taskIdSchema } from '../../../src-main/contract/ids.ts';
import type { Actor } from '../../../src-main/contract/values.ts';
import { actorSchema } from '../../../src-main/contract/values.ts';
import type { EventFilter } from '../../api/use-events.ts';
import type { EventGroup } from './event-groups.ts';
import { eventGroups, wantedKinds } from './event-groups.ts';

/** Who acts, in the order of the contract. */
export const actors: readonly Actor[] = actorSchema.options;

/** What the query of the address asks for. */
export interface AskedEvents {
  readonly filter: EventFilter;
  /** What of the query cannot be used, by its name, as a sentence. */
  readonly faults: Readonly<Record<string, string>>;
  readonly groups: readonly EventGroup[];
  readonly kinds: readonly EventKind[];
  readonly actors: readonly Actor[];
}

const idSchemas = { run: runIdSchema, task: taskIdSchema, attempt: attemptIdSchema, agent: agentIdSchema } as const;

/** What an identifier is called in the query of the address. */
export type IdName = keyof typeof idSchemas;
/** Those names, in the order in which they narrow. */
const idNames: readonly IdName[] = ['run', 'task', 'attempt', 'agent'];

/** Reads the filter from the query of the address: `kind`, `group`, `run`, `task`, `attempt`, `agent`, `actor`, `q`. */
export function readEventFilter(search: string): AskedEvents {
  const query = new URLSearchParams(search);
  const groups = listed(query, 'group', eventGroups);
  const kinds = listed(query, 'kind', eventKinds);
  const chosenActors = listed(query, 'actor', actors);
  const wanted = wantedKinds(groups, kinds);
  const text = query.get('q')?.trim() ?? '';
  const faults: Record<string, string> = {};
  const ids: Record<string, string> = {};
  for (const name of idNames) {
    const id = query.get(name)?.trim() ?? '';
    if (id === '') continue;
    const parsed = idSchemas[name].safeParse(id);
    if (parsed.success) ids[`${name}Id`] = parsed.data;
    else faults[name] = `It ${parsed.error.issues[0]?.message ?? 'is no identifier'}.`;
  }
  return {
    filter: {
      ...ids,
      ...(wanted === null ? {} : { kinds: wanted }),
      ...(chosenActors.length === 0 ? {} : { actors: [...chosenActors] }),
      ...(text === '' ? {} : { search: text.slice(0, 200) }),
    },
    faults,
    groups,
    kinds,
    actors: chosenActors,
  };
}

/** Where all events that match can be had as a file, one per line. */
export function eventsDownload(filter: EventFilter): string {
  return `/download/events.jsonl?filter=${encodeURIComponent(JSON.stringify(filter))}`;
}

function listed<T extends string>(query: URLSearchParams, name: string, allowed: readonly T[]): readonly T[] {
  const values = query.get(name)?.split(',') ?? [];
  return allowed.filter((value) => values.includes(value));
}
