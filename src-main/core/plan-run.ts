import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { Json, JsonObject } from '../contract/values.ts';
import type { Command, InputSpec, StageSpec } from '../contract/workflow.ts';
import { matchesSelector } from './agent-roster.ts';
import { checkStart, findRunnable } from './check-run.ts';
import type { ExpressionScope } from './expressions.ts';
import { evaluateCondition, fillKnown } from './expressions.ts';
import { parseInputs } from './inputs.ts';
import type { Folders, Store, WorkflowLibrary } from './ports.ts';
import type { Projects } from './ports-projects.ts';
import { placeOf } from './project-desk.ts';
import { stageRanks } from './stage-graph.ts';
import { selectorOf } from './stage-task.ts';
import type { Readiness } from './waiting-because.ts';
import { agentsBecause, frozenBecause, needsBecause } from './waiting-because.ts';

type Plan = ApiOutput<'planRun'>;

export interface PlanDeps {
  readonly workflows: WorkflowLibrary;
  readonly folders: Folders;
  readonly projects: Projects;
  readonly store: Pick<Store, 'reads'>;
  readonly readiness: Omit<Readiness, 'reads'>;
}

/** Longest description of one stage's work, in UTF-16 code units: a plan is read, and has up to 1,000 stages. */
const maxWorkLength = 2_000;

/**
 * What `startRun` would do with these inputs, and what it would be refused for. A start that would be refused still
 * has its stages, as far as they are known: that helps to see what the refusal is about.
 */
export async function planRun(deps: PlanDeps, given: ApiParsedInput<'planRun'>): Promise<Plan> {
  const place = await placeOf(deps.projects, given.folder);
  const found = await findRunnable(deps, given.workflow, place.folder);
  if (!found.ok) return { stages: [], refusal: found.error };
  const { inputs: specs, stages } = found.value.definition;
  const checked = await checkStart(deps, found.value, given, place);
  const inputs = checked.ok ? checked.value : soundInputs(specs, given.inputs);
  const ranks = stageRanks(stages);
  return {
    stages: stages.map((stage) => ({
      name: stage.name,
      needs: [...stage.needs],
      rank: Number(ranks.get(stage.name)),
      ...planStage(deps, stage, inputs, place.project),
    })),
    refusal: checked.ok ? null : checked.error,
  };
}

/** Those of the inputs that are right by themselves, so that one mistake does not hide what the others would do. */
function soundInputs(specs: readonly InputSpec[], given: Readonly<Record<string, Json>>): JsonObject {
  const sound: [string, Json][] = [];
  for (const spec of specs) {
    const value = given[spec.name];
    const parsed = parseInputs([spec], value === undefined ? {} : { [spec.name]: value });
    if (parsed.ok) sound.push([spec.name, parsed.value[spec.name] ?? null]);
  }
  return Object.fromEntries(sound);
}

function planStage(
  deps: PlanDeps,
  stage: StageSpec,
  inputs: JsonObject,
  project: string | null,
): Pick<Plan['stages'][number], 'work' | 'agents' | 'waitingBecause'> {
  const scope: ExpressionScope = { inputs, stages: {}, run: { id: '', folder: '' } };
  if (isSkipped(stage.when, scope)) {
    const work = `Nothing: it is skipped, because ${stage.when} is false with these inputs.`;
    return { work, agents: [], waitingBecause: null };
  }
  const condition = stage.when === undefined || isKnown(stage.when) ? '' : `Only if ${stage.when}: `;
  const work = shorten(condition + workInWords(stage.action, scope));
  const { reads } = deps.store;
  const reasons = [stage.needs.length === 0 ? null : needsBecause('stage', stage.needs)];
  reasons.push(frozenBecause(reads.row('engine', 'engine')));
  if (stage.action.kind === 'approval') {
    reasons.push('it waits for the answer of a person');
    return { work, agents: [], waitingBecause: join(reasons) };
  }
  const selector = selectorOf(stage.action);
  reasons.push(agentsBecause({ ...deps.readiness, reads }, selector, project));
  const agents = reads.agents().filter((agent) => matchesSelector(agent, selector, project));
  return { work, agents: agents.map(({ id }) => id), waitingBecause: join(reasons) };
}

function join(reasons: readonly (string | null)[]): string | null {
  return reasons.filter((reason) => reason !== null).join('; ') || null;
}

/** A condition that cannot be evaluated yet, or fails, skips nothing: the run itself will tell. */
function isSkipped(when: string | undefined, scope: ExpressionScope): boolean {
  if (when === undefined || !isKnown(when)) return false;
  const value = evaluateCondition(when, scope);
  return value.ok && !value.value;
}

/** Whether an expression is about nothing but inputs, which are all that is known before a run. In doubt it is not. */
function isKnown(expression: string): boolean {
  return !/(?<![.\w])(stages|run)\b/.test(expression);
}

function workInWords(action: StageSpec['action'], scope: ExpressionScope): string {
  const fill = (template: string) => fillKnown(template, scope, isKnown);
  if (action.kind === 'approval') return fill(action.question);
  return action.kind === 'agent' ? fill(action.prompt) : commandInWords(action.command, fill);
}

function commandInWords(command: Command, fill: (template: string) => string): string {
  if (command.kind === 'script') return command.script;
  return command.argv.map((part) => quoteWhereNeeded(fill(part))).join(' ');
}

function quoteWhereNeeded(part: string): string {
  return /^[\w@%+=:,./-]+$/.test(part) ? part : JSON.stringify(part);
}

function shorten(text: string): string {
  return text.length > maxWorkLength ? `${text.slice(0, maxWorkLength)}…` : text;
}
