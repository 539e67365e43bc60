import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import type { WatchdogRung } from '../../../src-main/contract/policies.ts';
import { watchdogRungs } from '../../../src-main/contract/policies.ts';

interface Choice {
  readonly label: string;
  /** What it means, in one sentence. */
  readonly hint: string;
}

/** How work reaches an agent, as a person chooses it. */
export const protocolWords: Readonly<Record<AgentDefinition['protocol'], Choice>> = {
  acp: {
    label: 'Agent Client Protocol',
    hint: 'A program that stays, speaks the open protocol of coding agents, and tells what it does.',
  },
  command: {
    label: 'Command',
    hint: 'One process for each task. It reads its prompt from the file that SIGNALBOX_INPUT names; its exit code decides.',
  },
  shell: { label: 'Shell', hint: 'Runs the commands that tasks bring. It has no program of its own.' },
};

/** Who answers when an agent asks to be allowed something. */
export const permissionWords: Readonly<Record<AgentDefinition['permissions'], Choice>> = {
  ask: {
    label: 'Ask me',
    hint: 'Your rules answer, and what no rule answers waits for you in the inbox. The work waits meanwhile.',
  },
  allow: {
    label: 'Allow everything',
    hint: 'Each question is answered with yes. Choose it for agents and folders that you trust.',
  },
  reject: { label: 'Reject everything', hint: 'Each question is answered with no. The agent has to do without.' },
};

/** How far the watchdog may go, as a person chooses it. */
export const rungWords: Readonly<Record<WatchdogRung, string>> = {
  notice: 'Show it',
  stop: 'Ask it to stop',
  restart: 'End it and try again',
  park: 'Set it aside for me when it gets stuck again',
};

/** The same as choices of a field, from the mildest to the last. */
export const rungChoices: readonly { readonly value: WatchdogRung; readonly label: string }[] = watchdogRungs.map(
  (value) => ({ value, label: rungWords[value] }),
);
