import { parseArgs } from 'node:util';
import { z } from 'zod';

/** What the command line of the test agent says. */
export interface AgentOptions {
  /** `acp`: an agent that serves ACP; `command`: one task, then the end. */
  readonly protocol: 'acp' | 'command';
  /** Mode and options for tasks whose stage says nothing else. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** `none`: stay alive and answer nothing, as a program that is no agent does. */
  readonly handshake: 'normal' | 'none';
  /** Whether heartbeats are offered and sent. */
  readonly heartbeat: boolean;
  readonly capabilities: readonly string[];
}

const configSchema = z.record(z.string(), z.unknown());

/** Reads the command line. Throws an error with a sentence for the person who typed it. */
export function parseOptions(args: readonly string[]): AgentOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      mode: { type: 'string' },
      config: { type: 'string', default: '{}' },
      handshake: { type: 'string', default: 'normal' },
      'no-heartbeat': { type: 'boolean', default: false },
      capabilities: { type: 'string', default: 'test' },
      ask: { type: 'string' },
    },
  });
  const config = configSchema.parse(JSON.parse(values.config));
  return {
    protocol: positionals[0] === 'acp' ? 'acp' : 'command',
    defaults: { ...config, ...readAsk(values.ask), ...(values.mode === undefined ? {} : { mode: values.mode }) },
    handshake: values.handshake === 'none' ? 'none' : 'normal',
    heartbeat: !values['no-heartbeat'],
    capabilities: values.capabilities.split(',').filter((capability) => capability !== ''),
  };
}

/** `edit:Write README`: asks for that kind of tool with that title; without a kind, for the kind that is usual. */
function readAsk(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  const [, tool, question] = /^([a-z_]+):(.+)$/.exec(text) ?? [];
  return { mode: 'ask', question: question ?? text, ...(tool === undefined ? {} : { tool }) };
}
