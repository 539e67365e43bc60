import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentDefinition } from '../../contract/agent.ts';
import type { Failure } from '../../contract/errors.ts';
import type { AttemptId } from '../../contract/ids.ts';
import type { Result } from '../../contract/result.ts';
import { err, ok } from '../../contract/result.ts';
import type { ProcessIdentity } from '../../contract/task.ts';
import type { AgentProcessListener } from '../../core/ports.ts';
import { agentEnvironment, temporaryFolder } from '../agent-environment.ts';
import type { AgentHost, HostedProcess, LogEntry, Marker, ProcessExit } from '../agent-host.ts';
import type { AgentRoom } from '../agent-room.ts';
import { hostLostFailure, unexpectedFailure } from '../agent-room.ts';
import { removeFolder, temporaryRoot } from '../attempt-folder.ts';
import { logPath } from '../log-reader.ts';
import { redactValues } from '../redact-values.ts';
import { handshakeFailure } from './handshake-failure.ts';
import type { RpcQuestion } from './json-rpc-peer.ts';
import { JsonRpcPeer, quote, refuseMethod, refuseParams } from './json-rpc-peer.ts';
import { Leftovers } from './leftovers.ts';
import type { AgentFacts, AgentProtocol, Answer, PermissionQuestion, SessionUpdate } from './protocol.ts';

/** Whoever has a process for itself: one attempt. */
export interface ProcessUser {
  /** Whose log what the process prints on standard error belongs to. */
  readonly attemptId: AttemptId;
  update(sessionId: string, update: SessionUpdate): void;
  /** @param settle told once, at any time: the option chosen, null to cancel the question. */
  permission(question: PermissionQuestion, settle: (optionId: string | null) => void): void;
  /** Something that breaks the protocol; `line`: as it was received, where there is one. */
  broken(detail: string, line?: string): void;
  beat(): void;
  active(): void;
  dropped(bytes: number): void;
}

export interface AcpProcessParts {
  readonly room: AgentRoom;
  readonly agent: AgentDefinition;
  readonly protocol: AgentProtocol;
  readonly heartbeatMs: number;
  /** Unique among all processes of this engine. */
  readonly key: string;
  readonly listener: AgentProcessListener;
}

/** A process that answered the handshake. */
export interface ReadyAgent {
  readonly identity: ProcessIdentity;
  readonly facts: AgentFacts;
}

/** One persistent process of an ACP agent, from its start to its end. It serves one user at a time. */
export class AcpProcess {
  readonly key: string;
  readonly agent: AgentDefinition;
  readonly peer: JsonRpcPeer;
  /** Never rejects. */
  readonly ready: Promise<Result<ReadyAgent, Failure>>;
  /** Never rejects. Resolves when the process and all it started are gone; null when there never was one. */
  readonly ended: Promise<ProcessExit | null>;
  readonly #parts: AcpProcessParts;
  readonly #ending = new AbortController();
  /** Unique on the whole machine: whatever carries it is ended with this process. */
  readonly #marker: Marker;
  #user: ProcessUser | null;
  #host: AgentHost | null = null;
  #process: HostedProcess | null = null;
  #facts: AgentFacts | null = null;
  #leftovers: Leftovers | null = null;
  #hasEnded = false;

  /** Starts it at once, for its first user or for nobody yet. */
  constructor(parts: AcpProcessParts, user: ProcessUser | null) {
    this.#parts = parts;
    this.key = parts.key;
    this.#marker = { name: 'SIGNALBOX_PROCESS', value: `${parts.key}.${randomUUID()}` };
    this.agent = parts.agent;
    this.#user = user;
    this.peer = new JsonRpcPeer({
      send: (line) => this.#process?.write(line),
      onNotification: (method, params) => this.#takeNews(method, params),
      onQuestion: (question) => this.#takeQuestion(question),
      onBroken: (detail, line) => {
        this.#user?.active();
        this.#user?.broken(detail, line);
      },
    });
    const { promise, resolve } = Promise.withResolvers<Result<ReadyAgent, Failure>>();
    this.ready = promise;
    this.ended = this.#live(resolve);
  }

  /** Whether it can be given work, or will be once it is ready. */
  get isUsable(): boolean {
    return !this.#hasEnded && !this.#ending.signal.aborted;
  }

  /** Gives the process to a user. */
  assign(user: ProcessUser): void {
    this.#user = user;
    this.#host?.attachLog(this.key, this.#logOf(user));
  }

  /** Takes it back from its user. */
  release(): void {
    this.#user = null;
    this.#host?.attachLog(this.key, null);
  }

  /** Appends to the log of its user. */
  appendLog(user: ProcessUser, entries: readonly LogEntry[]): void {
    this.#host?.appendLog(this.#logOf(user), entries);
  }

  /** Writes out the log of an attempt that ends. */
  async closeLog(user: ProcessUser): Promise<void> {
    await this.#host?.closeLog(this.#logOf(user)).catch(() => undefined);
  }

  /**
   * Whether its user may have started something that is still alive. Where nobody can look, an agent that knows
   * Signalbox is trusted to have ended what it started.
   */
  async hasLeftovers(): Promise<boolean> {
    if (this.#leftovers === null) return this.#facts?.knowsSignalbox !== true;
    return this.#leftovers.exist();
  }

  /** Asks it to end by closing its input, then by a signal, and kills it and all it started after the grace. */
  end(graceMs: number): void {
    this.#ending.abort();
    this.#process?.endInput();
    const half = Math.floor(graceMs / 2);
    const stopTimer = this.#parts.room.clock.after(half, () => this.#process?.stop(half));
    void this.ended.finally(stopTimer);
    if (half === 0) this.#process?.stop(0);
  }

  async #live(settle: (ready: Result<ReadyAgent, Failure>) => void): Promise<ProcessExit | null> {
    const { room, agent, listener } = this.#parts;
    const folder = join(temporaryRoot(room.dataFolder), this.key);
    listener.starting(agent.id);
    const end = await this.#runIn(folder, settle).catch((error): ProcessEnd => neverStarted(unexpectedFailure(error)));
    this.#hasEnded = true;
    this.peer.close();
    await removeFolder(folder);
    listener.ended(agent.id, end.identity, this.#ending.signal.aborted, room.redact(end.reason));
    // Whoever waits for a start that failed learns of it when nothing of the process is left.
    if (end.failure !== null) settle(err(redactValues(room.redact, end.failure)));
    return end.exit;
  }

  /** @param settle called when it is ready, otherwise not */
  async #runIn(folder: string, settle: (ready: Result<ReadyAgent, Failure>) => void): Promise<ProcessEnd> {
    const { room } = this.#parts;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const host = await room.host();
    if (!host.ok) return neverStarted(host.error);
    if (this.#ending.signal.aborted) return neverStarted(askedToEnd);
    const process = this.#spawn(host.value, folder);
    const started = await process.started;
    const exited = process.exited.then((exit) => {
      this.#hasEnded = true;
      this.peer.close();
      return exit;
    });
    if (!started.ok) {
      await exited;
      return neverStarted(started.error);
    }
    const identity = started.value;
    if (room.processes !== null) this.#leftovers = new Leftovers(room.processes, identity, this.#marker);
    const ready = await this.#shakeHands(identity, exited);
    if (ready.ok) {
      await this.#leftovers?.rememberOwn();
      this.#parts.listener.ready(this.agent.id, identity, ready.value.facts.version);
      settle(ready);
    } else {
      process.stop(0);
    }
    const exit = await exited;
    const isLost = exit.code === null && exit.signal === null;
    if (isLost) await room.recoveredFrom(host.value);
    if (ready.ok) return { identity, exit, reason: endReason(exit, isLost), failure: null };
    return { identity, exit, reason: ready.error.message, failure: ready.error };
  }

  #spawn(host: AgentHost, folder: string): HostedProcess {
    const { room, agent, heartbeatMs } = this.#parts;
    this.#host = host;
    this.#process = host.spawn(
      {
        key: this.key,
        argv: agent.command,
        cwd: folder,
        env: { ...agentEnvironment(room.inherited, { agent, heartbeatMs }), ...temporaryFolder(folder) },
        marker: this.#marker,
        log: this.#user && this.#logOf(this.#user),
        stdout: 'protocol',
        stdin: 'pipe',
        heartbeatMs,
      },
      {
        line: (text, cutBytes) => this.#takeLine(text, cutBytes),
        output: () => this.#user?.active(),
        beat: () => this.#facts?.heartbeat !== true && this.#beat(),
        dropped: (bytes) => this.#user?.dropped(bytes),
      },
    );
    return this.#process;
  }

  /** Resolves with an answer, a time-out or the end of the process, whichever comes first. */
  async #shakeHands(identity: ProcessIdentity, exited: Promise<ProcessExit>): Promise<Result<ReadyAgent, Failure>> {
    const { room, agent, protocol } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<Answer<AgentFacts> | { kind: 'silent' }>();
    const stopTimer = room.clock.after(agent.startTimeoutMs, () => resolve({ kind: 'silent' }));
    protocol.handshake(this.peer, resolve);
    const answer = await promise;
    stopTimer();
    if (answer.kind === 'value') {
      this.#facts = answer.value;
      return ok({ identity, facts: answer.value });
    }
    if (answer.kind !== 'closed') return err(handshakeFailure(answer, agent));
    if (this.#ending.signal.aborted) return err(askedToEnd);
    const exit = await exited;
    if (exit.code === null && exit.signal === null) return err(hostLostFailure);
    return err(handshakeFailure({ kind: 'ended', exit }, agent));
  }

  #logOf(user: ProcessUser): string {
    return logPath(this.#parts.room.logFolder, user.attemptId);
  }

  #takeLine(text: string, cutBytes: number): void {
    if (cutBytes === 0) {
      this.peer.receive(text);
      return;
    }
    this.#user?.active();
    this.#user?.broken(`a message that is longer than a line may be: ${quote(text)}`, text);
    this.#user?.dropped(cutBytes);
  }

  #takeNews(method: string, params: unknown): void {
    const news = this.#parts.protocol.readNews(method, params);
    // A heartbeat shows that the agent lives, not that it does anything.
    if (news.kind !== 'heartbeat') this.#user?.active();
    if (news.kind === 'heartbeat') this.#facts?.heartbeat === true && this.#beat();
    else if (news.kind === 'update') this.#user?.update(news.sessionId, news.update);
    else if (news.kind === 'unreadable')
      this.#user?.broken(`a ${quote(method)} that cannot be understood: ${news.detail}`);
  }

  #takeQuestion(question: RpcQuestion): void {
    const { protocol } = this.#parts;
    this.#user?.active();
    const read = protocol.readQuestion(question.method, question.params);
    if (read === null) {
      refuseMethod(question);
      this.#user?.broken(`a request for ${quote(question.method)}, which is not offered`);
    } else if (read === 'unreadable') {
      refuseParams(question);
      this.#user?.broken(`a ${quote(question.method)} that cannot be understood`);
    } else {
      const settle = (optionId: string | null) => question.answer(protocol.permissionAnswer(optionId));
      if (this.#user === null) settle(null);
      else this.#user.permission(read, settle);
    }
  }

  #beat(): void {
    this.#parts.listener.beat(this.agent.id);
    this.#user?.beat();
  }
}

/** How a process ended; the failure is that of a start, null when it had been ready. */
interface ProcessEnd {
  readonly identity: ProcessIdentity | null;
  readonly exit: ProcessExit | null;
  readonly reason: string;
  readonly failure: Failure | null;
}

function neverStarted(failure: Failure): ProcessEnd {
  return { identity: null, exit: null, reason: failure.message, failure };
}

const askedToEnd: Failure = {
  category: 'cancelled',
  class: 'transient',
  message: 'The agent was stopped before it was ready.',
};

function endReason({ code, signal }: ProcessExit, isLost: boolean): string {
  if (isLost) return 'the agent host ended';
  return signal === null ? `it ended with exit code ${code}` : `it was ended by signal ${signal}`;
}
