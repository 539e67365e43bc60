import type { Failure } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Exit } from '../contract/task.ts';
import type {
  CommandResult,
  LaunchedAttempt,
  LaunchedCommand,
  LaunchObserver,
  LaunchRequest,
  LaunchResult,
} from '../core/ports.ts';
import type { AgentRoom } from './agent-room.ts';
import { hostLostFailure, unexpectedFailure } from './agent-room.ts';
import type { AttemptFolder } from './attempt-folder.ts';
import { attemptFolder } from './attempt-folder.ts';
import type { AttemptProcessEnd } from './attempt-process.ts';
import { AttemptProcess } from './attempt-process.ts';
import { deathFailure, exitFailure } from './exit-meaning.ts';
import { readTail } from './log-tail.ts';
import { readOutputs } from './outputs-file.ts';
import { findQuotaInLines, quotaFailure } from './quota-signs.ts';
import { redactValues } from './redact-values.ts';
import { shellCommand } from './shell-command.ts';

/** So many of the last lines are looked at for a used-up quota. */
const quotaLines = 5;

/** Starts an attempt of an agent with the protocol `command` or `shell`: one process, whose exit code decides. */
export function launchCommand(room: AgentRoom, request: LaunchRequest, observer: LaunchObserver): LaunchedAttempt {
  const folder = attemptFolder(room.dataFolder, request);
  const process = new AttemptProcess({
    room,
    request,
    folder,
    key: request.attempt.id,
    started: (identity) => observer.started(identity),
    observer: {
      beat: () => observer.beat(),
      active: () => observer.active(),
      dropped: (bytes) => observer.did({ kind: 'outputDropped', bytes }),
    },
  });
  const work = async (): Promise<LaunchResult> => {
    await folder.prepare();
    const argv = await commandLine(request, folder);
    if (!argv.ok) return { outcome: 'failed', exit: null, failure: argv.error };
    const end = await process.run(argv.value);
    if (process.isStopping) return stopped(end);
    return nameQuota(room, request, await judge(end, folder, request));
  };
  return { result: finishAttempt(room, folder, work), stop: (graceMs) => process.stop(graceMs) };
}

/**
 * Runs a gate's verifying command in the folder, environment and log of an attempt that has ended.
 * @param number makes its key unique among the commands of the attempt
 */
export function launchGateCommand(
  room: AgentRoom,
  request: LaunchRequest,
  gate: { readonly argv: readonly string[]; readonly timeoutMs: number; readonly number: number },
): LaunchedCommand {
  const folder = attemptFolder(room.dataFolder, request);
  const observer = { beat: () => undefined, active: () => undefined, dropped: () => undefined };
  const key = `${request.attempt.id}.gate-${gate.number}`;
  const process = new AttemptProcess({ room, request, folder, key, started: () => undefined, observer });
  let timedOut = false;
  const stopTimer = room.clock.after(gate.timeoutMs, () => {
    timedOut = true;
    process.stop(0);
  });
  const run = async (): Promise<CommandResult> => {
    try {
      await folder.prepare();
      const end = await process.run(gate.argv);
      if (timedOut)
        return { exitCode: null, message: `It did not end within ${gate.timeoutMs / 1_000} s and was killed.` };
      return process.isStopping ? { exitCode: null, message: 'It was stopped.' } : gateResult(end);
    } catch (error) {
      return { exitCode: null, message: unexpectedFailure(error).message };
    } finally {
      stopTimer();
      await folder.removeAfter(gate.argv);
    }
  };
  const result = run().then(({ exitCode, message }) => ({ exitCode, message: room.redact(message) }));
  return { result, stop: (graceMs) => process.stop(graceMs) };
}

/** Deletes the attempt's folder after the work, whatever became of it, and takes secrets out of the result. */
export async function finishAttempt(
  room: AgentRoom,
  folder: Pick<AttemptFolder, 'removeAfter'>,
  work: () => Promise<LaunchResult>,
): Promise<LaunchResult> {
  try {
    return redactValues(room.redact, await work());
  } catch (error) {
    const failure = unexpectedFailure(error);
    return redactValues(room.redact, { outcome: 'failed', exit: null, failure });
  } finally {
    await folder.removeAfter(null);
  }
}

/** The program and arguments of an attempt: the agent's own, or those that the task carries. */
async function commandLine(request: LaunchRequest, folder: AttemptFolder): Promise<Result<readonly string[], Failure>> {
  const { agent, task } = request;
  if (agent.protocol === 'shell') {
    if (task.spec.work.kind === 'command') return ok(await shellCommand(task.spec.work.command, folder.path));
    return err(wrongWork(`The agent "${agent.id}" runs commands, but the task brings a prompt.`));
  }
  if (task.spec.work.kind === 'prompt') return ok(agent.command);
  return err(wrongWork(`The task brings a command, but the agent "${agent.id}" runs only its own.`));
}

/** Work that the agent's protocol has no way for. */
export function wrongWork(message: string): Failure {
  const remedy = 'Let the stage name an agent of another type: "shell" for commands, another one for prompts.';
  return { category: 'agent', class: 'fatal', message, remedy };
}

async function judge(end: AttemptProcessEnd, folder: AttemptFolder, request: LaunchRequest): Promise<LaunchResult> {
  if (end.kind === 'failed') return { outcome: 'failed', exit: null, failure: end.failure };
  if (end.kind !== 'exited') return { outcome: 'died', exit: null, failure: hostLostFailure };
  const exit = exitOf(end);
  const { code } = end.exit;
  if (code === null) return { outcome: 'died', exit, failure: deathFailure('The command', end.exit) };
  if (code !== 0) return { outcome: 'failed', exit, failure: exitFailure(code, end.exit.lastWords) };
  const outputs = await readOutputs(folder.outputFile, request.task.spec.requiredOutputs);
  if (!outputs.ok) return { outcome: 'failed', exit, failure: outputs.error };
  return { outcome: 'completed', exit, outputs: outputs.value };
}

/**
 * A command has no other way to say that a quota is used up than what it prints last. What a task's own command prints
 * says nothing of an agent.
 */
async function nameQuota(
  room: AgentRoom,
  { agent, attempt }: LaunchRequest,
  result: LaunchResult,
): Promise<LaunchResult> {
  if (agent.protocol !== 'command' || result.outcome !== 'failed' || result.failure.category !== 'exit') return result;
  const lines = await readTail(room.logFolder, attempt.id, quotaLines);
  const sign = findQuotaInLines(lines, room.clock.now());
  return sign === null ? result : { ...result, failure: quotaFailure(lines.join('\n').trim(), sign) };
}

function stopped(end: AttemptProcessEnd): LaunchResult {
  return { outcome: 'stopped', exit: end.kind === 'exited' ? exitOf(end) : null };
}

function exitOf({ exit }: Extract<AttemptProcessEnd, { kind: 'exited' }>): Exit {
  return { code: exit.code, signal: exit.signal, stopReason: null };
}

function gateResult(end: AttemptProcessEnd): CommandResult {
  if (end.kind === 'failed') return { exitCode: null, message: end.failure.message };
  if (end.kind !== 'exited') return { exitCode: null, message: hostLostFailure.message };
  const { code } = end.exit;
  if (code === null) return { exitCode: null, message: deathFailure('The command', end.exit).message };
  return {
    exitCode: code,
    message: code === 0 ? 'It ended with exit code 0.' : exitFailure(code, end.exit.lastWords).message,
  };
}
