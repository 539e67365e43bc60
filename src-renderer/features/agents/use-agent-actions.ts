import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import { useCommand } from '../../api/use-command.ts';
import { notify } from '../../ui/notify.tsx';
import type { AgentAction } from './agent-words.ts';

export interface AgentActions {
  /** Asks for an action. @returns whether it was done; a refusal is shown. */
  readonly run: (action: AgentAction, reason: string) => Promise<boolean>;
  /** Whether an answer is awaited. */
  readonly isRunning: boolean;
}

const done: Readonly<Record<AgentAction, string>> = {
  start: 'started',
  stop: 'stopped',
  restart: 'restarted',
  drain: 'draining',
  disable: 'disabled',
  enable: 'enabled',
};

/** What a person can do with an agent. */
export function useAgentActions({ id: agentId, definition }: AgentView): AgentActions {
  const start = useCommand('startAgent');
  const stop = useCommand('stopAgent');
  const drain = useCommand('drainAgent');
  const disable = useCommand('disableAgent');
  const enable = useCommand('enableAgent');

  async function ask(action: AgentAction, reason: string): Promise<boolean> {
    switch (action) {
      case 'start':
        return (await start.run({ agentId })).ok;
      case 'stop':
        return (await stop.run({ agentId, reason })).ok;
      case 'restart':
        return (await stop.run({ agentId, reason })).ok && (await start.run({ agentId })).ok;
      case 'drain':
        return (await drain.run({ agentId, reason })).ok;
      case 'disable':
        return (await disable.run({ agentId, reason })).ok;
      case 'enable':
        return (await enable.run({ agentId })).ok;
    }
  }

  return {
    run: async (action, reason) => {
      const isDone = await ask(action, reason);
      if (isDone) notify(`${definition.title}: ${done[action]}`);
      return isDone;
    },
    isRunning: [start, stop, drain, disable, enable].some(({ isRunning }) => isRunning),
  };
}
