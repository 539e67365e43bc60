import type { z } from 'zod';
import type { Gate, RetryPolicy, Timeouts } from '../contract/policies.ts';
import { defaultRetryPolicy, defaultTimeouts } from '../contract/policies.ts';
import type { InputSpec, workflowDefinitionSchema } from '../contract/workflow.ts';
import { conditionOf } from './check-expressions.ts';
import { durationMs } from './duration.ts';
import type { FileGate, FileInput, FileStage, WorkflowFile } from './file-schema.ts';
import { readGateText } from './gate-text.ts';

/** A definition before the contract has checked it. */
export type DraftDefinition = z.input<typeof workflowDefinitionSchema>;
type DraftStage = DraftDefinition['stages'][number];
type DraftAction = DraftStage['action'];

/** Longest run of a gate's command when the file says nothing. */
const gateTimeoutMs = 600_000;
const maxGateName = 200;

/** Makes the definition of a file without faults, all defaults filled in. */
export function toDefinition(file: WorkflowFile): DraftDefinition {
  const stages = Array.isArray(file.stages)
    ? file.stages.map(({ name, ...stage }) => ({ name, stage }))
    : Object.entries(file.stages).map(([name, stage]) => ({ name, stage }));
  return {
    name: file.name,
    ...(file.title === undefined ? {} : { title: file.title }),
    ...(file.description === undefined ? {} : { description: file.description }),
    inputs: Object.entries(file.inputs ?? {}).map(([name, input]) => toInputSpec(name, input)),
    stages: stages.map(({ name, stage }, index) => toStage(name, stage, stages[index - 1]?.name, file)),
  };
}

/** An input with its name; required unless it has a default. */
export function toInputSpec(name: string, input: FileInput): InputSpec {
  return typeof input === 'string'
    ? { name, type: input, required: true }
    : { name, ...input, required: input.required ?? input.default === undefined };
}

function toStage(name: string, stage: FileStage, before: string | undefined, file: WorkflowFile): DraftStage {
  return {
    name,
    ...(stage.title === undefined ? {} : { title: stage.title }),
    needs: needsOf(stage, before),
    action: actionOf(stage),
    ...(stage.when === undefined ? {} : { when: conditionOf(String(stage.when)).source.trim() }),
    env: Object.fromEntries(Object.entries(stage.env ?? {}).map(([key, value]) => [key, String(value)])),
    ...(stage.folder === undefined ? {} : { folder: stage.folder }),
    timeouts: { ...defaultTimeouts, ...timeoutsOf(file.timeout), ...timeoutsOf(stage.timeout) },
    retry: retryOf(file.retry, stage.retry),
    gates: (stage.gates ?? []).map(toGate),
    outputs: stage.outputs ?? [],
    onFailure: stage.onFailure ?? file.onFailure ?? 'stop',
    ...(stage.priority === undefined ? {} : { priority: stage.priority }),
  };
}

function needsOf({ needs }: FileStage, before: string | undefined): string[] {
  if (needs === undefined) {
    return before === undefined ? [] : [before];
  }
  return [...new Set(typeof needs === 'string' ? [needs] : needs)];
}

/** A file without faults has exactly one of the three. */
function actionOf({ agent, prompt, run, approval, with: options }: FileStage): DraftAction {
  if (run !== undefined) {
    const command =
      typeof run === 'string' ? { kind: 'script' as const, script: run } : { kind: 'argv' as const, argv: run };
    return { kind: 'run', command };
  }
  if (approval !== undefined) {
    const {
      question,
      timeout,
      onTimeout = 'reject',
    } = typeof approval === 'string' ? { question: approval } : approval;
    return {
      kind: 'approval',
      question,
      ...(timeout === undefined ? {} : { timeoutMs: durationMs(timeout) }),
      onTimeout,
    };
  }
  return {
    kind: 'agent',
    agent: typeof agent === 'string' ? { type: agent } : (agent ?? {}),
    prompt: prompt ?? '',
    with: options ?? {},
  };
}

function timeoutsOf(timeout: FileStage['timeout']): Partial<Timeouts> {
  const { start, run, idle, stop } = typeof timeout === 'string' ? { run: timeout } : (timeout ?? {});
  return {
    ...(start === undefined ? {} : { startMs: durationMs(start) }),
    ...(run === undefined ? {} : { runMs: durationMs(run) }),
    ...(idle === undefined ? {} : { idleMs: durationMs(idle) }),
    ...(stop === undefined ? {} : { stopMs: durationMs(stop) }),
  };
}

/** What the stage says goes before what the workflow says. A delay that was asked for is not cut by the default cap. */
function retryOf(ofFile: FileStage['retry'], ofStage: FileStage['retry']): RetryPolicy {
  const policy = { ...policyOf(ofFile), ...policyOf(ofStage) };
  const maxDelayMs = policy.maxDelayMs ?? Math.max(defaultRetryPolicy.maxDelayMs, policy.delayMs ?? 0);
  return { ...defaultRetryPolicy, ...policy, maxDelayMs };
}

function policyOf(retry: FileStage['retry']): Partial<RetryPolicy> {
  const { attempts, delay, maxDelay, factor, jitter } = typeof retry === 'number' ? { attempts: retry } : (retry ?? {});
  return {
    ...(attempts === undefined ? {} : { maxAttempts: attempts }),
    ...(delay === undefined ? {} : { delayMs: durationMs(delay) }),
    ...(maxDelay === undefined ? {} : { maxDelayMs: durationMs(maxDelay) }),
    ...(factor === undefined ? {} : { factor }),
    ...(jitter === undefined ? {} : { jitter }),
  };
}

function toGate(gate: FileGate): Gate {
  if (typeof gate === 'string') {
    const { output, operator, value } = readGateText(gate) ?? { output: gate, operator: '==', value: true };
    return {
      kind: 'output',
      name: gateName(`${output} ${operator} ${value}`),
      output,
      operator,
      value,
      level: 'blocking',
    };
  }
  const level = gate.level ?? 'blocking';
  if ('run' in gate) {
    const timeoutMs = gate.timeout === undefined ? gateTimeoutMs : durationMs(gate.timeout);
    return { kind: 'command', name: gate.name ?? gateName(gate.run.join(' ')), argv: gate.run, level, timeoutMs };
  }
  const { output, operator, value } = gate;
  return {
    kind: 'output',
    name: gate.name ?? gateName(`${output} ${operator} ${value}`),
    output,
    operator,
    value,
    level,
  };
}

function gateName(text: string): string {
  return text.length > maxGateName ? `${text.slice(0, maxGateName - 1)}…` : text;
}
