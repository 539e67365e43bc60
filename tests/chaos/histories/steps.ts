import { seededRandom } from '../../support/seeded-random.ts';

/** What may happen in a history, with how often it is chosen. */
const weights = {
  // commands of a person
  enqueue: 14,
  startRun: 8,
  pauseRun: 3,
  resumeRun: 4,
  cancelRun: 2,
  rerunRun: 2,
  cancelTask: 4,
  setPriority: 2,
  requeue: 3,
  changeTasks: 1,
  freeze: 1,
  thaw: 3,
  startAgent: 3,
  stopAgent: 2,
  drainAgent: 1,
  disableAgent: 1,
  enableAgent: 2,
  saveAgent: 1,
  slots: 2,
  answerApproval: 4,
  answerPermission: 3,
  resetBreaker: 1,
  saveSchedule: 2,
  changeSchedule: 2,
  // what agents do
  begin: 20,
  complete: 26,
  fail: 8,
  die: 4,
  killAgent: 2,
  did: 5,
  ask: 4,
  silence: 3,
  standStill: 3,
  disobey: 2,
  lateReport: 2,
  foreignResult: 2,
  // time
  moment: 12,
  minute: 8,
  hours: 2,
  wallJump: 3,
  // faults of the store and of the engine
  storeFault: 5,
  crash: 3,
  crashAtCommit: 3,
  quit: 1,
} as const;

export type StepKind = keyof typeof weights;

/** One step: what happens, the numbers that say to what and how, and whether all that follows is waited for. */
export interface Step {
  readonly kind: StepKind;
  readonly numbers: readonly [number, number, number];
  readonly settles: boolean;
}

const kinds = Object.keys(weights) as StepKind[];
const total = kinds.reduce((sum, kind) => sum + weights[kind], 0);

function kindAt(place: number): StepKind {
  let left = place * total;
  for (const kind of kinds) {
    left -= weights[kind];
    if (left < 0) return kind;
  }
  return 'moment';
}

/** The steps of a history: they follow from the seed alone. */
export function stepsOf(seed: number, longest: number): readonly Step[] {
  const random = seededRandom(seed);
  const count = Math.ceil(longest * (0.3 + 0.7 * random()));
  const number = () => Math.floor(random() * 1_000_000);
  return Array.from({ length: count }, () => ({
    kind: kindAt(random()),
    numbers: [number(), number(), number()],
    settles: random() < 0.8,
  }));
}

/** A step in one line, so that it can be read and typed. */
export function stepLine({ kind, numbers, settles }: Step): string {
  return `${kind} ${numbers.join(' ')}${settles ? '' : ' (at once with the next)'}`;
}
