import type { Agent } from '../contract/agent.ts';
import type { Health } from '../contract/api-engine.ts';
import type { Breaker } from '../contract/breaker.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Attempt, Stuck } from '../contract/task.ts';
import { causeOf, lengthInWords, nameOfBreaker } from './decide-breaker.ts';
import type { PartTrouble } from './parts.ts';

/** What the health of the engine is judged from. */
export interface HealthSignals {
  /** Why everything is frozen; null when it is not. */
  readonly frozen: string | null;
  readonly agents: readonly (Pick<Agent, 'id' | 'state' | 'reason' | 'restartAt'> & {
    /** Whether the next task of a lane may be done by it. */
    readonly awaited: boolean;
  })[];
  /** Circuit breakers that are open or half open. */
  readonly breakers: readonly Breaker[];
  /** Attempts that the watchdog found to do nothing. */
  readonly stuck: readonly (Pick<Attempt, 'taskId' | 'agentId'> & Pick<Stuck, 'since' | 'evidence'>)[];
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
  /** How late the main thread was when it was asked, in ms; null when it is not known yet. */
  readonly lateMs: number | null;
  /** Wall clock, ms. */
  readonly now: number;
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
/** How late the main thread may be, in ms, before a person would notice. */
const lateLimitMs = 200;

/** How the engine is, with every reason why it is not healthy, the worst first. */
export function judgeHealth(signals: HealthSignals): Health {
  const found = [
    storeReason(signals),
    diskReason(signals),
    ...signals.partsInTrouble.map(partReason),
    frozenReason(signals),
    ...signals.agents.map(agentReason),
    ...signals.breakers.map((breaker) => breakerReason(breaker, signals.now)),
    stuckReason(signals),
    waitReason(signals),
    deadReason(signals),
    lateReason(signals),
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

function breakerReason(breaker: Breaker, now: number): Reason {
  const name = nameOfBreaker(breaker.id);
  const [, subject] = name.split(' ');
  const when =
    breaker.state === 'open'
      ? `is open; it is tried again in ${lengthInWords(Number(breaker.retryAt) - now)}`
      : 'is half open, and is being tried';
  return {
    state: 'degraded',
    message: `The circuit breaker of ${name} ${when}: ${causeOf(breaker)}. Its work waits.`,
    remedy: `Nothing is lost by waiting. When the cause is mended, let work go on at once: signalbox agents reset ${subject}`,
  };
}

function stuckReason({ stuck, now }: HealthSignals): Reason | null {
  const [first, ...others] = stuck.toSorted((a, b) => a.since - b.since);
  if (first === undefined) return null;
  const { taskId, agentId, since, evidence } = first;
  const more = others.length === 0 ? '' : ` ${others.length} more do nothing either.`;
  return {
    state: 'degraded',
    message: `An attempt of agent ${agentId} has done nothing for ${lengthInWords(now - since)} (${evidence}).${more}`,
    remedy: `Look at what it said last, and cancel it if it is of no use: signalbox cancel ${taskId}`,
  };
}

function lateReason({ lateMs }: HealthSignals): Reason | null {
  if (lateMs === null || lateMs < lateLimitMs) return null;
  return {
    state: 'degraded',
    message: `The engine answers late: its main thread was held up for ${Math.round(lateMs)} ms, more than once.`,
    remedy: 'See what else the machine is busy with, or lower the number of slots in the settings.',
  };
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
