import { nearestName } from '../core/nearest-name.ts';

/** The way to a value: keys of maps and indexes of lists, from the top of the file. */
export type Path = readonly (string | number)[];

/** Something wrong at a path of a file. Where that is in the text is found out later, from the document. */
export interface Fault {
  readonly severity: 'error' | 'warning';
  readonly path: Path;
  readonly message: string;
  /** Offset into the text at the path, in UTF-16 code units; absent: its start. */
  readonly offset?: number;
  /** Whether the key is at fault, not its value. */
  readonly atKey?: boolean;
}

/** An error at a path. */
export function errorAt(path: Path, message: string, where: Pick<Fault, 'offset' | 'atKey'> = {}): Fault {
  return { severity: 'error', path, message, ...where };
}

/** A warning at a path: the file can be run, but hardly means this. */
export function warningAt(path: Path, message: string, where: Pick<Fault, 'offset' | 'atKey'> = {}): Fault {
  return { severity: 'warning', path, message, ...where };
}

/** The last key of a path, to start a sentence with: `timeout`, `item 2 of needs`. */
export function nameOf(path: Path): string {
  const last = path.at(-1);
  if (typeof last === 'number') {
    return `item ${last + 1} of ${nameOf(path.slice(0, -1))}`;
  }
  return last ?? 'the workflow';
}

/** How many faults one check looks for. More help nobody, and looking for them could take long. */
const mostFaults = 200;
const mostNames = 20;

/** Checks one thing after the other, until there are faults enough. */
export function collectFaults<T>(things: Iterable<T>, check: (thing: T) => readonly Fault[]): Fault[] {
  const faults: Fault[] = [];
  for (const thing of things) {
    faults.push(...check(thing));
    if (faults.length >= mostFaults) {
      break;
    }
  }
  return faults;
}

/** What a wrong name should be, as the end of a sentence: the nearest of the known names, and what there is. */
export function remedyFor(name: string, what: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const names = known.length > mostNames ? [...known.slice(0, mostNames), '…'] : known;
  return `${nearest === null ? '' : `did you mean "${nearest}"? `}${what} are ${names.join(', ')}`;
}
