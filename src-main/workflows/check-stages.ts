import { scanTemplates } from '../core/expression-templates.ts';
import type { Fault, Path } from './fault.ts';
import { errorAt, remedyFor, warningAt } from './fault.ts';
import type { StageView, WorkflowView } from './workflow-view.ts';
import { asList, asMap } from './workflow-view.ts';

const actions = ['agent', 'run', 'approval'];

/** What each stage does: one thing, by an agent that exists, with keys that belong to it. */
export function checkStages(view: WorkflowView, agentTypes: readonly string[] | null): readonly Fault[] {
  return view.stages
    .filter(({ isMap }) => isMap)
    .flatMap((stage) => [
      ...checkAction(stage),
      ...checkAgentType(stage, agentTypes),
      ...checkScript(stage),
      ...checkGates(stage),
    ]);
}

function checkAction({ path, raw }: StageView): readonly Fault[] {
  const [first, ...others] = actions.filter((action) => Object.hasOwn(raw, action));
  if (first === undefined) {
    return [errorAt(path, 'The stage does nothing; give it one of agent, run and approval', { atKey: true })];
  }
  const faults = others.map((other) =>
    errorAt([...path, other], `The stage does two things: ${first} and ${other}; make two stages of it`, {
      atKey: true,
    }),
  );
  if (first === 'agent' && !Object.hasOwn(raw, 'prompt')) {
    faults.push(errorAt([...path, 'agent'], 'The agent has no prompt; say in one what it has to do', { atKey: true }));
  }
  return others.length > 0 ? faults : [...faults, ...checkKeys({ path, raw }, first)];
}

/** Keys that mean nothing beside the stage's action. */
function checkKeys({ path, raw }: Pick<StageView, 'path' | 'raw'>, action: string): readonly Fault[] {
  const foreign = {
    agent: [],
    run: ['prompt', 'with'],
    approval: ['prompt', 'with', 'gates', 'outputs', 'env', 'folder', 'timeout', 'retry', 'priority'],
  }[action as 'agent' | 'run' | 'approval'];
  return foreign
    .filter((key) => Object.hasOwn(raw, key))
    .map((key) => {
      const remedy = key === 'timeout' ? '; the time to answer is approval.timeout' : '; remove it';
      return errorAt([...path, key], `"${key}" has no meaning in a stage with ${action}${remedy}`, { atKey: true });
    });
}

function checkAgentType({ path, raw }: StageView, known: readonly string[] | null): readonly Fault[] {
  const { agent } = raw;
  const { type, id } = asMap(agent);
  if (typeof agent === 'object' && agent === asMap(agent) && type === undefined && id === undefined) {
    return [errorAt([...path, 'agent'], 'agent must have a type or an id', { atKey: true })];
  }
  return typeof agent === 'string'
    ? checkType([...path, 'agent'], agent, known)
    : checkType([...path, 'agent', 'type'], type, known);
}

function checkType(at: Path, type: unknown, known: readonly string[] | null): readonly Fault[] {
  if (known === null || typeof type !== 'string' || known.includes(type)) {
    return [];
  }
  const remedy = remedyFor(type, 'known types', known);
  return [errorAt(at, `There is no agent of the type "${type}"; ${remedy}`)];
}

/** Whatever a template puts into a script would be read as script: the shortest way to run a stranger's commands. */
function checkScript({ path, raw }: StageView): readonly Fault[] {
  if (typeof raw.run !== 'string') {
    return [];
  }
  const { templates, unclosedAt } = scanTemplates(raw.run);
  const offset = templates[0]?.start ?? unclosedAt;
  if (offset === null) {
    return [];
  }
  const [, input] = /^\s*inputs\.(\w+)\s*$/.exec(templates[0]?.expression ?? '') ?? [];
  const variable = `$SIGNALBOX_INPUT_${input?.toUpperCase() ?? '<NAME>'}`;
  return [errorAt([...path, 'run'], `A shell script takes no templates; use ${variable} or a list`, { offset })];
}

function checkGates({ path, raw }: StageView): readonly Fault[] {
  return asList(raw.gates).flatMap((gate, index) => {
    const at = [...path, 'gates', index];
    const templated = asList(asMap(gate).run).findIndex((part) => typeof part === 'string' && part.includes('${{'));
    return [
      ...(templated === -1
        ? []
        : [
            errorAt(
              [...at, 'run', templated],
              "A gate's command takes no templates; it finds inputs in $SIGNALBOX_INPUT_<NAME>",
            ),
          ]),
      ...checkRepeated(at, asList(raw.gates).slice(0, index), gate),
    ];
  });
}

function checkRepeated(at: Path, before: readonly unknown[], gate: unknown): readonly Fault[] {
  const isRepeated = before.some((other) => JSON.stringify(other) === JSON.stringify(gate));
  return isRepeated ? [warningAt(at, 'This gate is there twice; remove one of them')] : [];
}
