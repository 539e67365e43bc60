import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import type { AgentState } from '../../../src-main/contract/states.ts';

/** What a person can ask of an agent. */
export type AgentAction = 'start' | 'stop' | 'restart' | 'drain' | 'disable' | 'enable';

/** How each is offered, and why somebody would do it. */
export const actionWords: Readonly<Record<AgentAction, { readonly label: string; readonly hint: string }>> = {
  start: { label: 'Start', hint: 'Start it now, ahead of work' },
  stop: { label: 'Stop', hint: 'End its processes; work does not start it again' },
  restart: { label: 'Restart', hint: 'End its processes and start it anew' },
  drain: { label: 'Drain', hint: 'Take no new work, and stop when what it has is done' },
  disable: { label: 'Disable', hint: 'Stop it, and give it no work until it is enabled' },
  enable: { label: 'Enable', hint: 'Let it work again' },
};

const running: readonly AgentAction[] = ['stop', 'restart', 'drain', 'disable'];

const actionsIn: Readonly<Record<AgentState, readonly AgentAction[]>> = {
  stopped: ['start', 'disable'],
  starting: ['stop', 'drain', 'disable'],
  idle: running,
  busy: running,
  draining: ['stop', 'disable'],
  unhealthy: running,
  crashed: ['start', 'disable'],
  disabled: ['enable'],
};

/** What can be asked of an agent now. What runs a process per task has nothing to start anew. */
export function actionsFor({ state, definition }: Pick<AgentView, 'state' | 'definition'>): readonly AgentAction[] {
  return actionsIn[state].filter((action) => action !== 'restart' || definition.protocol === 'acp');
}

/** Whether an action ends work that is under way, which is worth a question. */
export function interrupts(action: AgentAction, live: number): boolean {
  return live > 0 && (action === 'stop' || action === 'restart' || action === 'disable');
}

/** Completed ÷ ended, 0 to 1; null before anything ended. */
export function successRate({ completed, failed }: Pick<AgentView, 'completed' | 'failed'>): number | null {
  const ended = completed + failed;
  return ended === 0 ? null : completed / ended;
}

/** Use of the processor in words; 100 % is one core. A dash without processes, and before it was measured twice. */
export function cpuWords(usage: AgentView['usage']): string {
  if (usage === null || usage.cpuPercent === null) return '–';
  return `${usage.cpuPercent < 10 ? usage.cpuPercent.toFixed(1) : Math.round(usage.cpuPercent)} %`;
}

/** The numbers of its processes; a dash without any. */
export function pidWords(processes: AgentView['processes']): string {
  return processes.length === 0 ? '–' : processes.map(({ pid }) => pid).join(', ');
}

/** Agents in the order in which a person wants to see them: what needs one first, then what works, then by title. */
export function inOrder(agents: readonly AgentView[]): readonly AgentView[] {
  return [...agents].sort(
    (one, other) => rank(one) - rank(other) || one.definition.title.localeCompare(other.definition.title),
  );
}

const ranks: Partial<Readonly<Record<AgentState, number>>> = {
  crashed: 0,
  unhealthy: 0,
  busy: 1,
  starting: 1,
  draining: 1,
};

function rank({ state, heldBecause }: AgentView): number {
  if (heldBecause !== null) return 0;
  return ranks[state] ?? (state === 'disabled' ? 3 : 2);
}

/** The agents that match a text, in their id, title, type, state or capabilities. */
export function matching(agents: readonly AgentView[], text: string): readonly AgentView[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return agents;
  return agents.filter(({ definition, state }) =>
    [
      definition.id,
      definition.title,
      definition.type,
      definition.project ?? '',
      state,
      ...definition.capabilities,
    ].some((word) => word.toLowerCase().includes(wanted)),
  );
}
