import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import type { EnqueueForm } from './enqueue-form.ts';

/** Agents that a task may ask for. */
export interface Target {
  /** `id:<agent>` or `type:<type>`. */
  readonly value: string;
  readonly label: string;
}

/** Whom a command or a prompt can be given to: types that more than one agent has, then single agents. */
export function targetsFor(kind: EnqueueForm['kind'], agents: readonly AgentView[]): readonly Target[] {
  const able = agents.filter(({ definition }) => (definition.protocol === 'shell') === (kind === 'command'));
  const types = [...new Set(able.map(({ definition }) => definition.type))].filter(
    (type) => able.filter(({ definition }) => definition.type === type).length > 1,
  );
  return [
    ...types.map((type) => ({ value: `type:${type}`, label: `any of type ${type}` })),
    ...able.map(({ id, definition, state }) => ({
      value: `id:${id}`,
      label: `${definition.title} (${id})${state === 'disabled' ? ', disabled' : ''}`,
    })),
  ];
}
