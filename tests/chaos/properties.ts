/** The properties that hold after every fault; each has a function in `properties/` that looks for violations. */
export const propertyTitles = {
  P1: 'no acknowledged task is lost',
  P2: 'at most one live owner per task, and a completion only with the current fence',
  P3: 'attempt numbers strictly rise',
  P4: 'states move only along allowed edges, and what has ended stays as it is',
  P5: 'folding the events from nothing gives the rows, and derived tables agree with them',
  P6: 'events are numbered without gaps, and a lease belongs to a live task and no other',
  P7: 'no process of ours survives shutdown plus grace, or crash plus restart',
  P8: 'the database opens, SQLite finds it sound, and its write-ahead log is bounded',
  P9: 'every byte of agent output is in the log, or a record says how many were dropped',
  P10: 'the window is shown the committed state within the bound after recovery',
  P11: 'nothing is written outside the workspace',
  P12: 'no script, navigation, clipboard write or link comes out of log content',
} as const;

export type PropertyName = keyof typeof propertyTitles;

/** What a look for violations of a property saw. */
export interface Held {
  readonly property: PropertyName;
  /** How many things it looked at; a look at nothing says nothing. */
  readonly looked: number;
  /** A sentence for each violation; empty when the property holds. */
  readonly violations: readonly string[];
}

/** The result of a look. At most twenty violations are kept: more of them say no more. */
export function held(property: PropertyName, looked: number, violations: readonly string[]): Held {
  const kept = violations.slice(0, 20);
  const more = violations.length - kept.length;
  return { property, looked, violations: more > 0 ? [...kept, `and ${more} more`] : kept };
}
