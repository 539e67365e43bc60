import { randomUUID } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import type { AgentApp, AgentRequestContext, PromptRequest, PromptResponse } from '@agentclientprotocol/sdk';
import { agent, methods, ndJsonStream, PROTOCOL_VERSION, RequestError } from '@agentclientprotocol/sdk';
import { HEARTBEAT_METHOD, heartbeatInterval, startHeartbeat } from '../builtin/heartbeat.ts';
import { toRequestError } from '../builtin/stage-failure.ts';
import { readTaskFacts } from '../builtin/task-facts.ts';
import { writeAtomically } from '../builtin/write-atomically.ts';
import { AcpChannel } from './acp-channel.ts';
import type { AgentOptions } from './agent-options.ts';
import type { Behaviour } from './behaviour.ts';
import { chooseBehaviour } from './behaviour.ts';
import { echoOutputs } from './echo-outputs.ts';
import { perform } from './perform.ts';

interface Session {
  readonly cwd: string;
  readonly meta: Record<string, unknown> | null | undefined;
  readonly cancelled: AbortController;
}

/** Serves the scripted agent over standard input and output; exits when its input ends. */
export function serveTestAgent(options: AgentOptions): void {
  if (options.handshake === 'none') {
    process.stdin.resume().once('end', () => process.exit(0));
    return;
  }
  process.stdout.on('error', () => process.exit(0));
  const input = Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>;
  const connection = createTestAgent(options).connect(ndJsonStream(Writable.toWeb(process.stdout), input));
  void connection.closed.then(() => process.exit(0));
}

/** Makes the scripted agent, ready to be connected to a client. Its heartbeat ends with the connection. */
export function createTestAgent(options: AgentOptions): AgentApp {
  const app = agent({ name: 'signalbox-test-agent' });
  const working = new Set<string>();
  answerHandshake(app, options, () => working.size > 0);
  answerSessions(app, options, working);
  return app;
}

function answerHandshake(app: AgentApp, { heartbeat, capabilities }: AgentOptions, isBusy: () => boolean): void {
  let stopHeartbeat = () => {};
  app.onConnect(({ signal }) => signal.addEventListener('abort', () => stopHeartbeat(), { once: true }));
  app.onRequest(methods.agent.initialize, ({ client }) => {
    stopHeartbeat();
    if (heartbeat) {
      stopHeartbeat = startHeartbeat(heartbeatInterval(process.env), isBusy, (beat) => {
        client.notify(HEARTBEAT_METHOD, beat).catch(() => stopHeartbeat());
      });
    }
    return {
      protocolVersion: PROTOCOL_VERSION,
      agentInfo: { name: 'test-agent', title: 'Scripted test agent', version: '1.0.0' },
      agentCapabilities: { _meta: { signalbox: { heartbeat, capabilities } } },
      authMethods: [],
    };
  });
}

function answerSessions(app: AgentApp, options: AgentOptions, working: Set<string>): void {
  const sessions = new Map<string, Session>();
  app.onRequest(methods.agent.session.new, ({ params }) => {
    const sessionId = randomUUID();
    sessions.set(sessionId, { cwd: params.cwd, meta: params._meta, cancelled: new AbortController() });
    return { sessionId };
  });
  app.onNotification(methods.agent.session.cancel, ({ params }) => sessions.get(params.sessionId)?.cancelled.abort());
  app.onRequest(methods.agent.session.prompt, async (request) => {
    const { sessionId } = request.params;
    const session = sessions.get(sessionId);
    if (session === undefined) {
      throw RequestError.sessionNotFound(sessionId);
    }
    working.add(sessionId);
    try {
      return await answerPrompt(request, session, options);
    } finally {
      working.delete(sessionId);
      sessions.delete(sessionId);
    }
  });
}

async function answerPrompt(
  { client, params, requestId, signal }: AgentRequestContext<PromptRequest>,
  session: Session,
  options: AgentOptions,
): Promise<PromptResponse> {
  const { cancelled, cwd, meta } = session;
  const stop = AbortSignal.any([cancelled.signal, signal]);
  let channel: AcpChannel | undefined;
  try {
    const task = readTaskFacts(meta);
    const behaviour: Behaviour = chooseBehaviour(options.defaults, task.config, task.attemptNumber);
    const { outputFile } = task;
    channel = new AcpChannel(client, { sessionId: params.sessionId, requestId, outputFile }, stop);
    const performance = await perform(behaviour, channel);
    if (performance !== 'none' && outputFile !== undefined) {
      const outputs = { ...echoOutputs(task, cwd), ...performance, ...behaviour.outputs };
      await writeAtomically(outputFile, `${JSON.stringify(outputs)}\n`);
    }
    return { stopReason: 'end_turn' };
  } catch (error) {
    await channel?.finish('failed');
    if (cancelled.signal.aborted) {
      return { stopReason: 'cancelled' };
    }
    throw toRequestError(error);
  }
}
