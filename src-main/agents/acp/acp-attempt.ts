import type { Failure } from '../../contract/errors.ts';
import type { AttemptId } from '../../contract/ids.ts';
import type { LogStream } from '../../contract/log.ts';
import type { Exit } from '../../contract/task.ts';
import type { LaunchedAttempt, LaunchObserver, LaunchRequest, LaunchResult, Stop } from '../../core/ports.ts';
import type { LogEntry, ProcessExit } from '../agent-host.ts';
import type { AgentRoom } from '../agent-room.ts';
import { hostLostFailure } from '../agent-room.ts';
import type { AttemptFolder } from '../attempt-folder.ts';
import { attemptFolder, taskFacts } from '../attempt-folder.ts';
import { checkFolder } from '../attempt-process.ts';
import { finishAttempt, wrongWork } from '../command-agent.ts';
import { deathFailure } from '../exit-meaning.ts';
import { readOutputs } from '../outputs-file.ts';
import { redactValues } from '../redact-values.ts';
import type { AcpProcess, ProcessUser, ReadyAgent } from './acp-process.ts';
import { classifyError } from './classify-error.ts';
import { quote } from './json-rpc-peer.ts';
import { OpenQuestions } from './open-questions.ts';
import { answerPermission } from './permission-policy.ts';
import type { ProcessPool } from './process-pool.ts';
import { promptText } from './prompt-text.ts';
import type { AgentProtocol, Answer, PermissionQuestion, SessionUpdate, StopReason } from './protocol.ts';
import { UpdateRecorder } from './update-recorder.ts';

/** The least time between two signs of activity that are passed on. */
const ACTIVE_EVERY_MS = 100;

export interface AcpAttemptParts {
  readonly room: AgentRoom;
  readonly pool: ProcessPool;
  readonly protocol: AgentProtocol;
  readonly request: LaunchRequest;
  readonly observer: LaunchObserver;
}

/** One attempt of an ACP agent: a process for itself, one session in it, one prompt. */
export class AcpAttempt implements LaunchedAttempt, ProcessUser {
  readonly result: Promise<LaunchResult>;
  readonly attemptId: AttemptId;
  readonly #parts: AcpAttemptParts;
  readonly #folder: AttemptFolder;
  readonly #recorder: UpdateRecorder;
  readonly #questions: OpenQuestions;
  #process: AcpProcess | null = null;
  #sessionId: string | null = null;
  /** Whether the agent has the prompt, and has not answered it. */
  #isPrompting = false;
  #grace: number | null = null;
  #stopTimer: Stop = () => undefined;
  #entries: LogEntry[] = [];
  #activeAt = Number.NEGATIVE_INFINITY;

  /** Starts it at once. */
  constructor(parts: AcpAttemptParts) {
    const { room, request, observer } = parts;
    this.#parts = parts;
    this.attemptId = request.attempt.id;
    this.#folder = attemptFolder(room.dataFolder, request);
    this.#recorder = new UpdateRecorder({
      clock: room.clock,
      did: (activity) => observer.did(redactValues(room.redact, activity)),
      log: (stream, text) => this.#write(stream, text),
    });
    this.#questions = new OpenQuestions({ redact: room.redact, ask: (question) => observer.asked(question) });
    this.result = finishAttempt(room, this.#folder, () => this.#run());
  }

  stop(graceMs: number): void {
    if (this.#grace !== null && graceMs >= this.#grace) return;
    this.#grace = graceMs;
    const process = this.#process;
    if (process === null) return;
    if (!this.#isPrompting || this.#sessionId === null) {
      process.end(graceMs);
      return;
    }
    this.#parts.protocol.cancel(process.peer, this.#sessionId);
    this.#questions.cancelAll('the attempt is being stopped');
    this.#stopTimer();
    this.#stopTimer = this.#parts.room.clock.after(graceMs, () => process.end(0));
  }

  update(sessionId: string, update: SessionUpdate): void {
    if (sessionId !== this.#sessionId) this.broken(`an update of another session, ${quote(sessionId)}`);
    else if (this.#isPrompting) this.#recorder.take(update);
    else if (update.kind !== 'other' && update.kind !== 'usage') this.broken('an update outside of the prompt');
  }

  permission({ sessionId, call, options }: PermissionQuestion, settle: (optionId: string | null) => void): void {
    if (sessionId !== this.#sessionId || !this.#isPrompting) {
      this.broken('a permission question outside of the prompt');
      settle(null);
      return;
    }
    const described = this.#recorder.asked(call);
    const done = (optionId: string | null, answer: string) => {
      this.#recorder.answered(described, answer);
      settle(optionId);
    };
    const { permissions } = this.#parts.request.agent;
    if (this.#isStopping()) done(null, 'cancelled: the attempt is being stopped');
    else if (permissions === 'ask') this.#questions.ask(described, options, done);
    else {
      const { optionId, answer } = answerPermission(permissions, options);
      done(optionId, answer);
    }
  }

  broken(detail: string, line?: string): void {
    this.#recorder.broken(detail);
    if (line !== undefined) this.#write('stdout', line);
  }

  beat(): void {
    this.#parts.observer.beat();
  }

  active(): void {
    const now = this.#parts.room.clock.monotonic();
    if (now - this.#activeAt < ACTIVE_EVERY_MS) return;
    this.#activeAt = now;
    this.#parts.observer.active();
  }

  dropped(bytes: number): void {
    this.#parts.observer.did({ kind: 'outputDropped', bytes });
  }

  async #run(): Promise<LaunchResult> {
    const { pool, request, room } = this.#parts;
    const { agent, task } = request;
    if (task.spec.work.kind !== 'prompt') {
      return failed(wrongWork(`The task brings a command, but the agent "${agent.id}" takes prompts.`));
    }
    const usable = await checkFolder(task.spec.folder, room.dataFolder);
    if (!usable.ok) return failed(usable.error);
    await this.#folder.prepare();
    if (this.#grace !== null) return { outcome: 'stopped', exit: null };
    const process = pool.take(agent, request.heartbeatMs, this);
    this.#process = process;
    try {
      return await this.#converse(process, task.spec.work.prompt);
    } finally {
      this.#stopTimer();
      this.#recorder.finish();
      this.#flush();
      await process.closeLog(this);
      await pool.give(process);
    }
  }

  async #converse(process: AcpProcess, prompt: string): Promise<LaunchResult> {
    const ready = await process.ready;
    if (!ready.ok) return this.#isStopping() ? stoppedBy(await process.ended) : failed(ready.error);
    const session = await this.#openSession(process);
    if (session.kind !== 'value') return this.#judgeRefusal(process, session, 'session/new');
    if (this.#isStopping()) return stoppedBy(await process.ended);
    this.#parts.observer.started(ready.value.identity);
    const answer = await this.#prompt(process, session.value, this.#textFor(ready.value, prompt));
    if (answer.kind !== 'value') return this.#judgeRefusal(process, answer, 'session/prompt');
    this.#parts.protocol.closeSession(process.peer, session.value, ready.value.facts);
    return this.#judge(answer.value);
  }

  #openSession(process: AcpProcess): Promise<Answer<string>> {
    const { request, protocol } = this.#parts;
    const { spec } = request.task;
    const facts = {
      ...taskFacts(request),
      inputs: spec.inputs,
      outputs: spec.earlierOutputs,
      config: spec.work.kind === 'prompt' ? spec.work.config : {},
      outputFile: this.#folder.outputFile,
    };
    return new Promise((resolve) => {
      protocol.openSession(process.peer, { cwd: spec.folder, facts }, (answer) => {
        if (answer.kind === 'value') this.#sessionId = answer.value;
        resolve(answer);
      });
    });
  }

  #prompt(process: AcpProcess, sessionId: string, text: string): Promise<Answer<StopReason>> {
    this.#isPrompting = true;
    return new Promise((resolve) => {
      this.#parts.protocol.prompt(process.peer, sessionId, text, (answer) => {
        this.#isPrompting = false;
        this.#questions.cancelAll(
          answer.kind === 'closed' ? 'the process of the agent ended' : 'the agent ended its turn',
        );
        resolve(answer);
      });
    });
  }

  #textFor({ facts }: ReadyAgent, prompt: string): string {
    const { requiredOutputs } = this.#parts.request.task.spec;
    return facts.knowsSignalbox ? prompt : promptText(prompt, requiredOutputs, this.#folder.outputFile);
  }

  /** What an answer means that is no answer of the protocol's: an error, nonsense, or the end of the process. */
  async #judgeRefusal(
    process: AcpProcess,
    answer: Exclude<Answer<unknown>, { kind: 'value' }>,
    method: string,
  ): Promise<LaunchResult> {
    if (answer.kind === 'closed') {
      const exit = await process.ended;
      return this.#isStopping() ? stoppedBy(exit) : died(exit);
    }
    if (this.#isStopping()) return { outcome: 'stopped', exit: null };
    if (answer.kind === 'error') return failed(classifyError(answer.error, this.#parts.room.clock.now()));
    const message = `The agent's answer to ${method} cannot be understood: ${answer.detail}.`;
    return failed({ category: 'protocol', class: 'unknown', message });
  }

  async #judge(stopReason: StopReason): Promise<LaunchResult> {
    const exit: Exit = { code: null, signal: null, stopReason };
    if (this.#isStopping()) return { outcome: 'stopped', exit };
    if (stopReason !== 'end_turn') return { outcome: 'failed', exit, failure: stopFailures[stopReason] };
    const outputs = await readOutputs(this.#folder.outputFile, this.#parts.request.task.spec.requiredOutputs);
    if (!outputs.ok) return { outcome: 'failed', exit, failure: outputs.error };
    return { outcome: 'completed', exit, outputs: outputs.value };
  }

  #isStopping(): boolean {
    return this.#grace !== null;
  }

  /** Collects what one batch of messages brings, so that the log gets it in one piece. */
  #write(stream: LogStream, text: string): void {
    if (this.#entries.length === 0) queueMicrotask(() => this.#flush());
    this.#entries.push({ stream, text, at: this.#parts.room.clock.now() });
  }

  #flush(): void {
    if (this.#entries.length > 0) this.#process?.appendLog(this, this.#entries);
    this.#entries = [];
  }
}

/** Why a turn that ended by itself, but not with `end_turn`, is no success. */
const stopFailures: Readonly<Record<Exclude<StopReason, 'end_turn'>, Failure>> = {
  max_tokens: {
    category: 'agent',
    class: 'unknown',
    message: 'The agent reached its limit of tokens before it was done.',
    remedy: 'Make the task smaller, or raise the limit of the agent.',
  },
  max_turn_requests: {
    category: 'agent',
    class: 'unknown',
    message: 'The agent reached its limit of requests to its model before it was done.',
    remedy: 'Make the task smaller, or raise the limit of the agent.',
  },
  refusal: {
    category: 'agent',
    class: 'fatal',
    message: 'The agent refused the task.',
    remedy: 'Read the log for its reasons, and change the prompt.',
  },
  cancelled: { category: 'agent', class: 'unknown', message: 'The agent cancelled the task without being asked to.' },
};

function failed(failure: Failure): LaunchResult {
  return { outcome: 'failed', exit: null, failure };
}

function stoppedBy(exit: ProcessExit | null): LaunchResult {
  return { outcome: 'stopped', exit: exit && exitOf(exit) };
}

/** A process without code and signal went down with the agent host. */
function died(exit: ProcessExit | null): LaunchResult {
  if (exit === null || (exit.code === null && exit.signal === null)) {
    return { outcome: 'died', exit: null, failure: hostLostFailure };
  }
  return { outcome: 'died', exit: exitOf(exit), failure: deathFailure("The agent's process", exit) };
}

function exitOf({ code, signal }: ProcessExit): Exit {
  return { code, signal, stopReason: null };
}
