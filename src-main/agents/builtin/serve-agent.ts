import { randomUUID } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import type { AgentApp } from '@agentclientprotocol/sdk';
import { agent, methods, ndJsonStream, PROTOCOL_VERSION, RequestError } from '@agentclientprotocol/sdk';
import { HEARTBEAT_METHOD, heartbeatInterval, startHeartbeat } from './heartbeat.ts';
import { toRequestError } from './stage-failure.ts';
import type { AgentType } from './stage-work.ts';
import { TaskSession } from './task-session.ts';

const AGENT_VERSION = '1.0.0';

/** An agent that can be connected to a client. Owner: whoever made it, who also stops it. */
export interface BuiltinAgent {
  readonly app: AgentApp;
  /** Ends the heartbeat and kills every child process at once, without grace. */
  stop(): void;
}

/**
 * Serves one agent type over the process's own standard input and output.
 * When its input ends, or a signal asks for it, it kills what it started and exits at once.
 */
export function serveAgent(type: AgentType): void {
  const { app, stop } = createAgent(type);
  const leave = (exitCode: number) => {
    stop();
    process.exit(exitCode);
  };
  process.on('SIGTERM', () => leave(143));
  process.on('SIGINT', () => leave(130));
  process.stdout.on('error', () => leave(0));
  const input = Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>;
  const connection = app.connect(ndJsonStream(Writable.toWeb(process.stdout), input));
  void connection.closed.then(() => leave(0));
}

/** Makes an ACP agent of one type. It beats from the handshake on and works on any number of sessions at once. */
export function createAgent(type: AgentType): BuiltinAgent {
  const working = new Set<TaskSession>();
  const app = agent({ name: `signalbox-${type.name}` });
  const stopHeartbeat = answerHandshake(app, type, () => working.size > 0);
  answerSessions(app, type, working);
  const stop = () => {
    stopHeartbeat();
    for (const session of working) {
      session.kill();
    }
  };
  return { app, stop };
}

/** Returns the function that ends the heartbeat. */
function answerHandshake(app: AgentApp, type: AgentType, isBusy: () => boolean): () => void {
  let stopHeartbeat = () => {};
  app.onRequest(methods.agent.initialize, ({ client }) => {
    stopHeartbeat();
    stopHeartbeat = startHeartbeat(heartbeatInterval(process.env), isBusy, (beat) => {
      client.notify(HEARTBEAT_METHOD, beat).catch(() => stopHeartbeat());
    });
    const signalbox = { heartbeat: true, capabilities: [type.name, ...Object.keys(type.work)] };
    return {
      protocolVersion: PROTOCOL_VERSION,
      agentInfo: { name: type.name, title: type.summary, version: AGENT_VERSION },
      agentCapabilities: { _meta: { signalbox } },
      authMethods: [],
    };
  });
  return () => stopHeartbeat();
}

function answerSessions(app: AgentApp, type: AgentType, working: Set<TaskSession>): void {
  const sessions = new Map<string, TaskSession>();
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
