import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiOutput } from '../contract/api.ts';
import type { Failure } from '../contract/errors.ts';
import type { AgentTrial, LaunchedAttempt, LaunchRequest, LaunchResult, Stop } from '../core/ports.ts';
import { AcpAttempt } from './acp/acp-attempt.ts';
import { ProcessPool } from './acp/process-pool.ts';
import type { AgentProtocol } from './acp/protocol.ts';
import type { AgentRoom } from './agent-room.ts';
import { unexpectedFailure } from './agent-room.ts';
import { removeFolder, temporaryRoot } from './attempt-folder.ts';
import { launchCommand } from './command-agent.ts';
import { launchHandshake } from './handshake-trial.ts';
import { readTail } from './log-tail.ts';
import { trialRequest } from './trial-request.ts';

type TestReport = ApiOutput<'testAgent'>;

/** The longest that an agent of a trial may take to become ready, whatever its definition says. */
const maxStartMs = 120_000;
/** The longest that it may take for its answer. */
const maxAnswerMs = 120_000;
const stopGraceMs = 2_000;

export interface TestRunsParts {
  readonly room: AgentRoom;
  readonly protocol: AgentProtocol;
  readonly heartbeatMs: number;
  /** How long an answer may take; two minutes when it is not given. */
  readonly answerMs: number | undefined;
}

/**
 * Tries definitions out: each in folders and with processes of its own, which are gone when it ends, and with a log
 * that is read and deleted. Every permission that is asked for is refused: nobody has decided yet to trust the agent.
 */
export class TestRuns {
  readonly #parts: TestRunsParts;
  readonly #running = new Set<Promise<TestReport>>();
  readonly #live = new Set<LaunchedAttempt>();
  #started = 0;
  #isStopped = false;

  constructor(parts: TestRunsParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  async run(trial: AgentTrial): Promise<TestReport> {
    const report = this.#run(trial);
    this.#running.add(report);
    try {
      return await report;
    } finally {
      this.#running.delete(report);
    }
  }

  /** Ends all trials, for good. Resolves when nothing of them is left. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopped = true;
    for (const attempt of this.#live) attempt.stop(graceMs);
    await Promise.all(this.#running);
  }

  async #run(trial: AgentTrial): Promise<TestReport> {
    const { clock, dataFolder } = this.#parts.room;
    this.#started += 1;
    const name = `test-${this.#started}`;
    const folder = join(temporaryRoot(dataFolder), name);
    const begun = clock.monotonic();
    const durationMs = () => Math.round(clock.monotonic() - begun);
    try {
      const tried = await this.#runIn(folder, name, trial);
      return { ...tried, durationMs: durationMs() };
    } catch (error) {
      const failure = unexpectedFailure(error);
      return { passed: false, version: null, durationMs: durationMs(), output: [], failure };
    } finally {
      await removeFolder(folder);
    }
  }

  async #runIn(folder: string, name: string, trial: AgentTrial): Promise<Omit<TestReport, 'durationMs'>> {
    const logFolder = join(folder, 'logs');
    const workspace = join(folder, 'workspace');
    for (const path of [logFolder, workspace]) await mkdir(path, { recursive: true, mode: 0o700 });
    if (this.#isStopped) return { passed: false, version: null, output: [], failure: endedEarly };
    const room = { ...this.#parts.room, logFolder };
    const agent = {
      ...trial.agent,
      permissions: 'reject' as const,
      startTimeoutMs: Math.min(trial.agent.startTimeoutMs, maxStartMs),
    };
    const request = trialRequest({ ...trial, agent }, workspace, this.#parts.heartbeatMs);
    let version: string | null = null;
    const listener = {
      starting: () => undefined,
      ready: (_agentId: unknown, _process: unknown, told: string | null) => {
        version = told;
      },
      ended: () => undefined,
      beat: () => undefined,
    };
    const pool = new ProcessPool({ room, protocol: this.#parts.protocol, listener, keyPrefix: `${name}.` });
    const attempt = this.#launch(room, pool, request, trial.prompt === null);
    const failure = await this.#watch(attempt, pool, agent.startTimeoutMs);
    const output = await readTail(logFolder, request.attempt.id);
    return { passed: failure === null, version, output, failure };
  }

  #launch(room: AgentRoom, pool: ProcessPool, request: LaunchRequest, isHandshakeOnly: boolean): LaunchedAttempt {
    if (request.agent.protocol !== 'acp') return launchCommand(room, request, quietObserver);
    if (isHandshakeOnly) return launchHandshake(room, pool, request);
    return new AcpAttempt({ room, pool, protocol: this.#parts.protocol, request, observer: quietObserver });
  }

  /** Lets a trial end, or ends it when its time is over. @returns why it did not pass; null when it did. */
  async #watch(attempt: LaunchedAttempt, pool: ProcessPool, startMs: number): Promise<Failure | null> {
    const limitMs = startMs + (this.#parts.answerMs ?? maxAnswerMs);
    let isLate = false;
    const stopTimer: Stop = this.#parts.room.clock.after(limitMs, () => {
      isLate = true;
      attempt.stop(stopGraceMs);
    });
    this.#live.add(attempt);
    const result = await attempt.result;
    await pool.stop(stopGraceMs);
    this.#live.delete(attempt);
    stopTimer();
    return failureOf(result, isLate ? limitMs : null);
  }
}

const quietObserver = {
  started: () => undefined,
  beat: () => undefined,
  active: () => undefined,
  did: () => undefined,
  // The definition of a trial says `reject`, so that nobody is asked.
  asked: () => ({
    verdict: Promise.resolve({ optionId: null, answer: 'cancelled: nobody is asked in a trial' }),
    withdraw: () => undefined,
  }),
};

const endedEarly: Failure = {
  category: 'cancelled',
  class: 'transient',
  message: 'The trial was ended, because the engine is being closed.',
};

function failureOf(result: LaunchResult, lateMs: number | null): Failure | null {
  if (result.outcome === 'completed') return null;
  if (result.outcome !== 'stopped') return result.failure;
  if (lateMs === null) return endedEarly;
  return {
    category: 'timeout',
    class: 'unknown',
    message: `The agent was started, but did not come to an end within ${Math.round(lateMs / 1_000)} s, and was stopped.`,
    remedy: 'Look at what it printed: it may wait for an answer or for a sign-in. Start it once in a terminal.',
  };
}
