/**
 * An agent that speaks ACP and reports tool calls, each with its start and its end, as many per second as a file says;
 * every prompt ends after as many as one attempt may report, or when the file says `end`.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

interface Asked {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly sessionId?: string };
}

const [, , control = ''] = process.argv;
const everyMs = 20;
const callsPerPrompt = 4_400;
const initialized = {
  protocolVersion: 1,
  agentInfo: { name: 'streamer', title: 'Streaming agent', version: '1.0.0' },
  agentCapabilities: {},
  authMethods: [],
};
let sessions = 0;

function say(message: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

function update(sessionId: string, change: Readonly<Record<string, unknown>>): void {
  say({ method: 'session/update', params: { sessionId, update: change } });
}

/** Streams until the prompt has had its share, then answers it. */
function stream(id: number, sessionId: string): void {
  let calls = 0;
  let owed = 0;
  let before = performance.now();
  const timer = setInterval(() => {
    const said = readFileSync(control, 'utf8').trim();
    const now = performance.now();
    owed += ((now - before) / 1_000) * ((Number(said) || 0) / 2);
    before = now;
    for (; owed >= 1 && calls < callsPerPrompt; owed -= 1) {
      calls += 1;
      const toolCallId = `call-${calls}`;
      const title = `Read src/module-${calls % 97}.ts`;
      update(sessionId, { sessionUpdate: 'tool_call', toolCallId, title, kind: 'read', status: 'in_progress' });
      update(sessionId, { sessionUpdate: 'tool_call_update', toolCallId, status: 'completed' });
    }
    if (calls < callsPerPrompt && said !== 'end') return;
    clearInterval(timer);
    say({ id, result: { stopReason: 'end_turn' } });
  }, everyMs);
}

const lines = createInterface({ input: process.stdin });
lines.on('close', () => process.exit(0));
lines.on('line', (line) => {
  const { id, method, params } = JSON.parse(line) as Asked;
  if (id === undefined || method === undefined) return;
  if (method === 'initialize') say({ id, result: initialized });
  else if (method === 'session/prompt') stream(id, params?.sessionId ?? '');
  else if (method === 'session/new') {
    sessions += 1;
    say({ id, result: { sessionId: `session-${sessions}` } });
  } else say({ id, result: {} });
});
