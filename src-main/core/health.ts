import type { Agent } from '../contract/agent.ts';
import type { Health } from '../contract/api-engine.ts';
import type { ApiError } from '../contract/errors.ts';
import type { PartTrouble } from './parts.ts';

/** What the health of the engine is judged from. */
export interface HealthSignals {
  /** Why everything is frozen; null when it is not. */
  readonly frozen: string | null;
  readonly agents: readonly (Pick<Agent, 'id' | 'state' | 'reason' | 'restartAt'> & {
    /** Whether the next task of a lane may be done by it. */
    readonly awaited: boolean;
  })[];
  readonly slots: { readonly used: number; readonly total: number };
  /** The longest that the next task of a lane has been ready, in ms; null when none waits. */
  readonly longestWaitMs: number | null;
  readonly deadTasks: number;
  /** Why the last change could not be stored; null when it could. */
  readonly storeTrouble: ApiError | null;
  readonly partsInTrouble: readonly PartTrouble[];
  /** Free space of the disk that holds the data folder, in bytes; null when it is not known. */
  readonly freeBytes: number | null;
  readonly dataFolder: string;
}

type Reason = Health['reasons'][number];

const mebibyte = 1024 * 1024;
/** With less than this, in bytes, work will soon fail. The doctor draws the same lines. */
const scarceBytes = 100 * mebibyte;
/** Below this, in bytes, a person should free some. */
const lowBytes = 1024 * mebibyte;
/** How long ready work may wait for a slot before it counts as trouble, in ms. */
const slotWaitMs = 60_000;
/** How long ready work may wait although slots are free, in ms. */
const longWaitMs = 5 * 60_000;

/** How the engine is, with every reason why it is not healthy, the worst first. */
export function judgeHealth(signals: HealthSignals): Health {
  const found = [
    storeReason(signals),
    diskReason(signals),
    ...signals.partsInTrouble.map(partReason),
    frozenReason(signals),
    ...signals.agents.map(agentReason),
    waitReason(signals),
    deadReason(signals),
  ];
  const reasons = found.filter((reason) => reason !== null);
  const unhealthy = reasons.filter(({ state }) => state === 'unhealthy');
  const degraded = reasons.filter(({ state }) => state === 'degraded');
  const [worst] = [...unhealthy, ...degraded];
  return { state: worst?.state ?? 'healthy', reasons: [...unhealthy, ...degraded] };
}

function storeReason({ storeTrouble }: HealthSignals): Reason | null {
  if (storeTrouble === null) return null;
  return { state: 'unhealthy', message: storeTrouble.message, remedy: storeTrouble.remedy };
}

function diskReason({ freeBytes, dataFolder }: HealthSignals): Reason | null {
  if (freeBytes === null || freeBytes >= lowBytes) return null;
  const left = `${Math.floor(freeBytes / mebibyte)} MiB`;
  return {
    state: freeBytes < scarceBytes ? 'unhealthy' : 'degraded',
    message: `The disk that holds ${dataFolder} has ${left} left.`,
    remedy: 'Free some space on that disk, or move the data folder to another one.',
  };
}

/** Work goes on without the part. */
function partReason({ message, remedy }: PartTrouble): Reason {
  return { state: 'degraded', message, remedy };
}

function frozenReason({ frozen }: HealthSignals): Reason | null {
  if (frozen === null) return null;
  return {
    state: 'degraded',
    message: `Everything is frozen: ${frozen}`,
    remedy: 'Let it go on with "Thaw", or: signalbox thaw',
  };
}

function agentReason({ id, state, reason, restartAt, awaited }: HealthSignals['agents'][number]): Reason | null {
  const because = reason === null ? '' : ` (${reason})`;
  if (state === 'crashed' && restartAt !== null) {
    return {
      state: 'degraded',
      message: `Agent ${id} crashed${because}; it is started again by itself.`,
      remedy: 'Wait for it; if it crashes again, look into the log of its last attempt.',
    };
  }
  if (state === 'crashed') {
    return {
      state: 'degraded',
      message: `Agent ${id} crashed too often and stays down${because}.`,
      remedy: `Find the cause in the log of its last attempt, then start it: signalbox agents start ${id}`,
    };
  }
  if (state === 'unhealthy') {
    return {
      state: 'degraded',
      message: `Agent ${id} gives no sign of life${because}.`,
      remedy: `Wait for it, or stop it and start it again: signalbox agents stop ${id}`,
    };
  }
  if (state === 'disabled' && awaited) {
    return {
      state: 'degraded',
      message: `Agent ${id} is disabled${because}, and work waits that it could do.`,
      remedy: `Enable it: signalbox agents enable ${id}`,
    };
  }
  return null;
}

function waitReason({ slots, longestWaitMs }: HealthSignals): Reason | null {
  if (longestWaitMs === null) return null;
  const seconds = Math.floor(longestWaitMs / 1_000);
  if (slots.used >= slots.total) {
    if (longestWaitMs < slotWaitMs) return null;
    return {
      state: 'degraded',
      message: `All ${slots.total} slots are taken, and work has been ready for ${seconds} s.`,
      remedy: 'Give the engine more slots in the settings, or cancel what is not needed.',
    };
  }
  if (longestWaitMs < longWaitMs) return null;
  return {
    state: 'degraded',
    message: `Work has been ready for ${seconds} s, and no agent takes it.`,
    remedy: 'Look at the queue for what the first task waits for, and start or enable an agent that can do it.',
  };
}

function deadReason({ deadTasks }: HealthSignals): Reason | null {
  if (deadTasks === 0) return null;
  return {
    state: 'degraded',
    message: deadTasks === 1 ? 'There is 1 dead letter.' : `There are ${deadTasks} dead letters.`,
    remedy: 'Look at why they died, mend that, and put them back into the queue.',
  };
}
