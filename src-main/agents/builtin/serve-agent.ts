import { randomUUID } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import type { AgentApp } from '@agentclientprotocol/sdk';
import { agent, methods, ndJsonStream, PROTOCOL_VERSION, RequestError } from '@agentclientprotocol/sdk';
import { HEARTBEAT_METHOD, heartbeatInterval, startHeartbeat } from './heartbeat.ts';
import { toRequestError } from './stage-failure.ts';
import type { AgentType } from './stage-work.ts';
import { TaskSession } from './task-session.ts';

const AGENT_VERSION = '1.0.0';

/**
 * Serves one agent type over the process's own standard input and output, as an ordinary ACP agent.
 * It beats from the handshake on, works on any number of sessions at once, and when its input ends
 * (or a signal asks for it) kills what it started and exits.
 */
export function serveAgent(type: AgentType): void {
  const sessions = new Map<string, TaskSession>();
  const working = new Set<TaskSession>();
  const app = agent({ name: `signalbox-${type.name}` });
  answerHandshake(app, type, () => working.size > 0);
  answerSessions(app, type, sessions, working);
  const leave = (exitCode: number) => {
    for (const session of working) {
      session.kill();
    }
    process.exit(exitCode);
  };
  process.on('SIGTERM', () => leave(143));
  process.on('SIGINT', () => leave(130));
  process.stdout.on('error', () => leave(0));
  const input = Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>;
  const connection = app.connect(ndJsonStream(Writable.toWeb(process.stdout), input));
  void connection.closed.then(() => leave(0));
}

function answerHandshake(app: AgentApp, type: AgentType, isBusy: () => boolean): void {
  let stopHeartbeat: (() => void) | undefined;
  app.onRequest(methods.agent.initialize, ({ client }) => {
    stopHeartbeat?.();
    stopHeartbeat = startHeartbeat(heartbeatInterval(process.env), isBusy, (beat) => {
      client.notify(HEARTBEAT_METHOD, beat).catch(() => stopHeartbeat?.());
    });
    const signalbox = { heartbeat: true, capabilities: [type.name, ...Object.keys(type.work)] };
    return {
      protocolVersion: PROTOCOL_VERSION,
      agentInfo: { name: type.name, title: type.summary, version: AGENT_VERSION },
      agentCapabilities: { _meta: { signalbox } },
      authMethods: [],
    };
  });
}

function answerSessions(
  app: AgentApp,
  type: AgentType,
  sessions: Map<string, TaskSession>,
  working: Set<TaskSession>,
): void {
  app.onRequest(methods.agent.session.new, ({ params }) => {
    const id = randomUUID();
    sessions.set(id, new TaskSession(type, { id, cwd: params.cwd, meta: params._meta }));
    return { sessionId: id };
  });
  app.onNotification(methods.agent.session.cancel, ({ params }) => sessions.get(params.sessionId)?.cancel());
  app.onRequest(methods.agent.session.prompt, async ({ params, client, signal }) => {
    const session = sessions.get(params.sessionId);
    if (session === undefined || working.has(session)) {
      throw RequestError.sessionNotFound(params.sessionId);
    }
    working.add(session);
    try {
      return await session.prompt(client, signal);
    } catch (error) {
      throw signal.aborted ? RequestError.requestCancelled() : toRequestError(error);
    } finally {
      working.delete(session);
      sessions.delete(params.sessionId);
    }
  });
}
