import type { Json, JsonObject } from '../contract/values.ts';
import type { LaunchRequest } from '../core/ports.ts';
import type { AttemptFolder } from './attempt-folder.ts';
import { traceparent } from './trace-context.ts';

export type Environment = Readonly<Record<string, string>>;

/**
 * Variables of the engine's own process that would change what an agent is or does: marks of an outer agent or
 * engine, and switches of Electron, Node, npm and test runners. Compared in upper case, as Windows does.
 */
const FOREIGN =
  /^(CLAUDECODE|CLAUDE_CODE_.*|ELECTRON_.*|CHROME_DESKTOP|NODE_OPTIONS|NODE_CHANNEL_.*|NODE_UNIQUE_ID|NODE_V8_COVERAGE|NODE_TEST_CONTEXT|VITEST.*|NPM_.*|INIT_CWD|SIGNALBOX_.*|TRACEPARENT|TRACESTATE)$/;

const KIB = 1024;

/** The system's limits on environments: Linux counts 128 KiB per variable, Windows 32,767 characters in all. */
const INPUT_LIMITS =
  process.platform === 'win32' ? { each: 8 * KIB, together: 16 * KIB } : { each: 32 * KIB, together: 128 * KIB };

/** The engine's environment without what must not reach an agent. Undefined values are left out. */
export function inheritedEnvironment(engineEnv: Readonly<Record<string, string | undefined>>): Environment {
  const kept = Object.entries(engineEnv).filter(([name]) => !FOREIGN.test(name.toUpperCase()));
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** What every process of an agent gets: the inherited variables, the agent's own, and how often to give a sign of life. */
export function agentEnvironment(inherited: Environment, request: Pick<LaunchRequest, 'agent' | 'heartbeatMs'>) {
  return {
    ...inherited,
    SIGNALBOX_AGENT_ID: request.agent.id,
    SIGNALBOX_HEARTBEAT_MS: String(request.heartbeatMs),
    ...request.agent.env,
  };
}

/** What the one process of an attempt gets: everything above, the task's facts, and the task's own variables. */
export function attemptEnvironment(inherited: Environment, request: LaunchRequest, folder: AttemptFolder): Environment {
  const { task, attempt } = request;
  return {
    ...agentEnvironment(inherited, request),
    ...scalarInputs(task.spec.inputs),
    ...task.spec.env,
    ...temporaryFolder(folder.tempFolder),
    ...(task.runId === null ? {} : { SIGNALBOX_RUN_ID: task.runId }),
    ...(task.stage === null ? {} : { SIGNALBOX_STAGE: task.stage }),
    SIGNALBOX_TASK_ID: task.id,
    SIGNALBOX_ATTEMPT_ID: attempt.id,
    SIGNALBOX_INPUT: folder.inputFile,
    SIGNALBOX_OUTPUT: folder.outputFile,
    TRACEPARENT: traceparent(task, attempt.id),
  };
}

/** The variables by which the platforms' libraries find the folder for temporary files. */
export function temporaryFolder(path: string): Environment {
  return { TMPDIR: path, TMP: path, TEMP: path };
}

/**
 * `SIGNALBOX_INPUT_<NAME>` for every input that is a text, a number or a boolean, in the order of their names, as
 * far as the system's limits allow. All inputs, the others included, are in the file that `SIGNALBOX_INPUT` names.
 */
function scalarInputs(inputs: JsonObject): Environment {
  const variables: Record<string, string> = {};
  let room = INPUT_LIMITS.together;
  for (const [name, value] of Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const variable = `SIGNALBOX_INPUT_${name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_')}`;
    const text = scalarText(value);
    const bytes = text === null ? 0 : Buffer.byteLength(text);
    if (text === null || bytes > INPUT_LIMITS.each || bytes > room || Object.hasOwn(variables, variable)) continue;
    variables[variable] = text;
    room -= bytes;
  }
  return variables;
}

/** Null for what no variable can hold: lists, objects, null, and texts with a NUL. */
function scalarText(value: Json): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && !value.includes('\0') ? value : null;
}
