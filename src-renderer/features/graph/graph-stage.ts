import type { TaskId } from '../../../src-main/contract/ids.ts';
import type { StageState } from '../../../src-main/contract/states.ts';
import type { WorkflowDefinition } from '../../../src-main/contract/workflow.ts';

/** A stage as a graph shows it: of a workflow (no state), or of a run. */
export interface GraphStage {
  readonly name: string;
  readonly needs: readonly string[];
  readonly kind: 'agent' | 'run' | 'approval';
  readonly title?: string | undefined;
  /** Who does it, in few words, shown while there is no state: "agent scaffold". */
  readonly about?: string | undefined;
  /** Absent in a workflow: it has not run. */
  readonly state?: StageState | undefined;
  readonly taskId?: TaskId | undefined;
  /** At the right end of the state: how long, how far. */
  readonly progressText?: string | undefined;
  /** The number of the attempt; shown from the second on. */
  readonly attempt?: number | undefined;
  /** Another word than the state's own: what it waits for. */
  readonly word?: string | undefined;
  /** It goes on, but nothing has come of it for long. */
  readonly isStuck?: boolean | undefined;
}

/** The stages of a workflow's definition. Add states to show a run. */
export function stagesOf(definition: WorkflowDefinition): GraphStage[] {
  return definition.stages.map(({ name, needs, title, action }) => ({
    name,
    needs,
    title,
    kind: action.kind,
    about: aboutAction(action),
  }));
}

function aboutAction(action: WorkflowDefinition['stages'][number]['action']): string {
  if (action.kind === 'approval') return 'asks you';
  if (action.kind === 'agent') return `agent ${action.agent.id ?? action.agent.type}`;
  const { command } = action;
  return command.kind === 'script' ? (command.script.split('\n')[0] ?? '') : command.argv.join(' ');
}

const kindWords = { agent: 'agent', run: 'command', approval: 'approval' } as const;

/** What a block does not show in words, for screen readers, which read it after what it does show. */
export function describeRest(stage: GraphStage): string {
  const needs = stage.needs.length === 0 ? '' : `, needs ${stage.needs.join(', ')}`;
  return `${kindWords[stage.kind]}${needs}`;
}
