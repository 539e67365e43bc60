import type { Failure } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Run } from '../contract/run.ts';
import type { TaskSpec, TaskWork } from '../contract/task.ts';
import type { JsonObject } from '../contract/values.ts';
import type { Command, StageSpec } from '../contract/workflow.ts';
import { maxCommandLength } from '../contract/workflow.ts';
import type { ExpressionScope } from './expressions.ts';
import { fillTemplate, fillValue, findTemplates } from './expressions.ts';
import { ancestorsOf } from './stage-graph.ts';

/** What a stage that has a task does. */
type WorkAction = Exclude<StageSpec['action'], { kind: 'approval' }>;

/** The values that a stage's expressions may use: the run's inputs, and the stages before it. */
export function scopeOf(run: Run, stage: string): ExpressionScope {
  const before = new Set(ancestorsOf(run.stages, stage));
  const stages: Record<string, { state: string; outputs: JsonObject }> = {};
  for (const other of run.stages) {
    if (before.has(other.name)) stages[other.name] = { state: other.state, outputs: other.outputs ?? {} };
  }
  return { inputs: run.inputs, stages, run: { id: run.id, folder: run.folder } };
}

function expressionFailure(what: string, message: string): { ok: false; error: Failure } {
  return err({
    category: 'expression',
    class: 'fatal',
    message: `${what}: ${message}`,
    remedy: 'Correct the expression in the workflow file, then start a new run.',
  });
}

/** The question of an approval with its templates filled in, for the person who reads it. */
export function fillQuestion(run: Run, stage: string, question: string): Result<string, Failure> {
  const filled = fillTemplate(question, scopeOf(run, stage));
  return filled.ok ? filled : expressionFailure(`question of stage ${stage}`, filled.error);
}

function fillCommand(command: Command, scope: ExpressionScope): Result<Command, string> {
  if (command.kind === 'script') return ok(command);
  const argv: string[] = [];
  for (const part of command.argv) {
    const filled = fillTemplate(part, scope);
    if (!filled.ok) return filled;
    argv.push(filled.value);
  }
  const length = argv.reduce((sum, part) => sum + part.length, 0);
  if (length <= maxCommandLength) return ok({ kind: 'argv', argv });
  return err(`the command has more than ${maxCommandLength} characters once its templates are filled in`);
}

function fillWork(action: WorkAction, scope: ExpressionScope): Result<TaskWork, string> {
  if (action.kind === 'run') {
    const command = fillCommand(action.command, scope);
    return command.ok ? ok({ kind: 'command', command: command.value }) : command;
  }
  const prompt = fillTemplate(action.prompt, scope);
  if (!prompt.ok) return prompt;
  if (prompt.value === '') return err('the prompt is empty once its templates are filled in');
  const config = fillValue(action.with, scope);
  if (!config.ok) return config;
  return ok({ kind: 'prompt', prompt: prompt.value, config: config.value as JsonObject });
}

function fillFolder(runFolder: string, template: string | undefined, scope: ExpressionScope): Result<string, string> {
  if (template === undefined) return stageFolder(runFolder, undefined);
  const filled = fillTemplate(template, scope);
  return filled.ok ? stageFolder(runFolder, { template, filled: filled.value }) : filled;
}

function fillEnv(env: StageSpec['env'], scope: ExpressionScope): Result<Record<string, string>, string> {
  const filled: Record<string, string> = {};
  for (const [name, template] of Object.entries(env)) {
    const value = fillTemplate(template, scope);
    if (!value.ok) return value;
    filled[name] = value.value;
  }
  return ok(filled);
}

/** The longest path of a folder that a task may have. */
const maxFolderLength = 4_096;

/**
 * The absolute folder of a stage. A relative one lies inside the run's folder and cannot leave it. Only the author of
 * the workflow and the person who starts the run can name another, by an absolute path: a template that uses what
 * agents put out cannot.
 * @param folder the template of the folder, and what it was filled to; absent: the run's own folder.
 */
export function stageFolder(
  runFolder: string,
  folder: { readonly template: string; readonly filled: string } | undefined,
): Result<string, string> {
  if (folder === undefined || folder.filled === '') return ok(runFolder);
  const { template, filled } = folder;
  if (runFolder.length + filled.length >= maxFolderLength) {
    return err(`the folder that it was filled to is longer than ${maxFolderLength} characters`);
  }
  const leaves = err(`the folder ${filled} leaves the run's folder`);
  if (filled.split(/[/\\]/).includes('..')) return leaves;
  if (!/^([/\\]|[A-Za-z]:[/\\])/.test(filled)) return ok(`${runFolder}/${filled}`);
  const byAgents = findTemplates(template).some(({ expression }) => /\bstages\b/.test(expression));
  return byAgents && filled !== runFolder && !filled.startsWith(`${runFolder}/`) ? leaves : ok(filled);
}

/** The agents that do a stage's work: commands run on the agent type `shell`. */
export function selectorOf(action: WorkAction): TaskSpec['selector'] {
  return action.kind === 'agent' ? action.agent : { type: 'shell', capabilities: [] };
}

/**
 * The task of a stage, with its templates filled in.
 * @returns a fatal failure naming the expression that could not be evaluated.
 * @throws for an approval stage, which has no task.
 */
export function stageTask(run: Run, spec: StageSpec): Result<TaskSpec, Failure> {
  const { action } = spec;
  if (action.kind === 'approval') throw new Error(`stage ${spec.name} is an approval and has no task`);
  const scope = scopeOf(run, spec.name);
  const work = fillWork(action, scope);
  if (!work.ok) return expressionFailure(`stage ${spec.name}`, work.error);
  const env = fillEnv(spec.env, scope);
  if (!env.ok) return expressionFailure(`env of stage ${spec.name}`, env.error);
  const folder = fillFolder(run.folder, spec.folder, scope);
  if (!folder.ok) return expressionFailure(`folder of stage ${spec.name}`, folder.error);
  const earlierOutputs: Record<string, JsonObject> = {};
  for (const [name, stage] of Object.entries(scope.stages)) earlierOutputs[name] = stage.outputs;
  return ok({
    title: `${run.workflow} / ${spec.name}`,
    selector: selectorOf(action),
    work: work.value,
    folder: folder.value,
    env: env.value,
    inputs: run.inputs,
    earlierOutputs,
    gates: spec.gates,
    requiredOutputs: spec.outputs,
    retry: spec.retry,
    timeouts: spec.timeouts,
    needs: [],
    onNeedFailed: 'block',
  });
}
