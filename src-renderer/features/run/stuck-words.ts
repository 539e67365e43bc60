import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import type { StuckPolicy, WatchdogRung } from '../../../src-main/contract/policies.ts';
import type { Settings } from '../../../src-main/contract/settings.ts';
import { isAttemptEnded } from '../../../src-main/contract/states.ts';
import type { Attempt } from '../../../src-main/contract/task.ts';
import { formatElapsed } from '../../format/duration.ts';

/** Whether an attempt goes on and does nothing. */
export function isStuck({ state, stuck }: Pick<Attempt, 'state' | 'stuck'>): boolean {
  return stuck !== null && !isAttemptEnded(state);
}

/** What the watchdog has done so far. */
const rungWords: Readonly<Record<WatchdogRung, string>> = {
  notice: 'Noticed',
  stop: 'Asked to stop',
  restart: 'Ended, to be tried again',
  park: 'Set aside for you',
};

/** `Did nothing for 5 min 02 s`: since its last activity. */
export function stuckTitle(since: number, now: number): string {
  return `Did nothing for ${formatElapsed(now - since)}`;
}

/** How far the watchdog has gone, in words. */
export function rungWord(rung: WatchdogRung): string {
  return rungWords[rung];
}

/** Which policy an agent's attempts are watched by: its own, or that of the settings for its protocol. */
export function policyOf(
  definition: Pick<AgentDefinition, 'protocol' | 'watchdog'>,
  watchdog: Settings['watchdog'],
): StuckPolicy {
  return definition.watchdog ?? (definition.protocol === 'acp' ? watchdog.agents : watchdog.commands);
}

/** What the watchdog does next, as a sentence, after it has come to a rung. */
export function nextWords(rung: WatchdogRung, { stepMs, upTo }: StuckPolicy): string {
  const wait = formatElapsed(stepMs);
  switch (rung) {
    case 'notice':
      return upTo === 'notice'
        ? 'Nothing follows by itself: wait for it, or cancel it.'
        : `When it goes on like this for ${wait}, it is asked to stop.`;
    case 'stop':
      return upTo === 'stop'
        ? 'Nothing follows by itself: wait for it, or cancel it.'
        : `When it has not stopped after ${wait}, its process is ended and the task is tried again.`;
    case 'restart':
      return upTo === 'park'
        ? 'The task is tried again; when it gets stuck again, it is set aside for you.'
        : 'The task is tried again, as its retry policy says.';
    case 'park':
      return 'It got stuck twice in a row: its task waits for you.';
  }
}
