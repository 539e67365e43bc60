import type { AgentDefinition } from '../../contract/agent.ts';
import { agentDefinitionSchema, agentProtocols, permissionAnswers } from '../../contract/agent.ts';
import type { ApiClient, ApiOutput } from '../../contract/api.ts';
import type { Breaker } from '../../contract/breaker.ts';
import type { ApiError } from '../../contract/errors.ts';
import type { AgentId, BreakerId } from '../../contract/ids.ts';
import { agentIdSchema, breakerIdSchema } from '../../contract/ids.ts';
import { invalidInput } from '../../contract/invalid-input.ts';
import { watchdogRungs } from '../../contract/policies.ts';
import { answer } from '../answer.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import type { Cell } from '../paint.ts';
import { cell, createPaint, lookOf, stateCell } from '../paint.ts';
import { badInput, expectOk, RefusedError } from '../refused.ts';
import { renderTable } from '../table.ts';
import { agoWords } from '../time-words.ts';
import type { ReasonOptions } from './change-work.ts';

/** `signalbox agents list`. */
export function listAgents(context: CliContext, options: CommonOptions): Promise<number> {
  return answer(
    context,
    options,
    async (client) => expectOk(await client.listAgents({})),
    ({ agents }) => {
      const now = context.now();
      const rows = agents.map((agent): Cell[] => [
        stateCell(agent.state),
        cell(agent.id, 'strong'),
        cell(agent.definition.type),
        cell(agent.definition.protocol, 'muted'),
        { text: `${agent.slotsUsed}/${agent.definition.slots}`, tone: 'plain' },
        { text: String(agent.completed), tone: 'plain' },
        { text: String(agent.failed), tone: agent.failed > 0 ? 'bad' : 'plain' },
        cell(agent.lastHeartbeatAt === null ? '' : agoWords(now, agent.lastHeartbeatAt), 'muted'),
        cell(agent.processes.map(({ pid }) => pid).join(', '), 'muted'),
        agent.heldBecause === null
          ? cell(agent.reason ?? agent.definition.title, 'muted')
          : cell(agent.heldBecause, 'bad'),
      ]);
      const columns = [
        { title: 'state' },
        { title: 'agent' },
        { title: 'type' },
        { title: 'protocol' },
        { title: 'slots', align: 'right' },
        { title: 'completed', align: 'right' },
        { title: 'failed', align: 'right' },
        { title: 'heartbeat' },
        { title: 'process' },
        { title: 'note', flexible: true },
      ] as const;
      const paint = createPaint(context.terminal.colour);
      return renderTable({ columns, rows, paint, width: context.terminal.columns });
    },
  );
}

export interface AddAgentOptions extends CommonOptions {
  readonly type?: string;
  readonly protocol?: string;
  readonly title?: string;
  readonly slots?: string;
  readonly capability: readonly string[];
  readonly repository: readonly string[];
  readonly env: readonly string[];
  readonly permissions?: string;
  readonly startTimeout?: string;
  readonly watchdog?: string;
  readonly watchdogStep?: string;
  readonly watchdogUpTo?: string;
  readonly provider?: string;
}

const defaultStartTimeoutMs = 30_000;
const defaultIdleStopMs = 5 * 60_000;

/** `signalbox agents add`: registers an agent, or changes one of the same id. */
export function addAgent(
  context: CliContext,
  id: string,
  command: readonly string[],
  options: AddAgentOptions,
): Promise<number> {
  const definition = readDefinition(id, command, options);
  return answer(
    context,
    options,
    async (client) => ({ agent: expectOk(await client.saveAgent(definition)) }),
    ({ agent }) => [
      `Agent ${agent.id} (type ${agent.definition.type}) is registered.`,
      `Try it with: signalbox submit --wait --agent ${agent.definition.type} --prompt "Say hello"`,
    ],
  );
}

function readDefinition(id: string, command: readonly string[], options: AddAgentOptions): AgentDefinition {
  const parsed = agentDefinitionSchema.safeParse({
    id,
    title: options.title ?? id,
    type: options.type ?? id,
    protocol: options.protocol ?? 'acp',
    command,
    env: Object.fromEntries(options.env.map(readVariable)),
    capabilities: options.capability,
    repositories: options.repository,
    slots: Number(options.slots ?? 1),
    startTimeoutMs: options.startTimeout === undefined ? defaultStartTimeoutMs : Number(options.startTimeout) * 1_000,
    idleStopMs: defaultIdleStopMs,
    permissions: options.permissions ?? 'reject',
    builtin: false,
    ...(options.provider === undefined ? {} : { provider: options.provider }),
    ...readWatchdog(options),
  });
  if (parsed.success) return parsed.data;
  const error = invalidInput(`The agent ${JSON.stringify(id)}`, parsed.error);
  const hint = `Write: signalbox agents add ID --protocol ${agentProtocols.join('|')} --permissions ${permissionAnswers.join('|')} -- PROGRAM ARGUMENTS`;
  throw new RefusedError({ ...error, remedy: `${error.remedy} ${hint}` });
}

/** Nothing without `--watchdog`: then the settings say what the watchdog does. */
function readWatchdog({ watchdog, watchdogStep = '60', watchdogUpTo = 'park' }: AddAgentOptions): object {
  if (watchdog === undefined) {
    if (watchdogStep === '60' && watchdogUpTo === 'park') return {};
    throw badInput(
      '--watchdog-step and --watchdog-up-to say nothing without --watchdog.',
      'Write --watchdog 300, for instance: stuck after five minutes without activity.',
    );
  }
  const rung = watchdogRungs.find((name) => name === watchdogUpTo);
  if (rung === undefined) {
    const rungs = watchdogRungs.join(', ');
    throw badInput(`--watchdog-up-to ${JSON.stringify(watchdogUpTo)} is no rung.`, `Write one of: ${rungs}.`);
  }
  const silentMs = readSeconds('--watchdog', watchdog, 0);
  return { watchdog: { silentMs, stepMs: readSeconds('--watchdog-step', watchdogStep, 1), upTo: rung } };
}

function readSeconds(option: string, text: string, leastMs: number): number {
  const ms = Math.round(Number(text) * 1_000);
  if (text.trim() !== '' && ms >= leastMs) return ms;
  throw badInput(`${option} ${JSON.stringify(text)} is no number of seconds.`, `Write ${option} 300, for instance.`);
}

function readVariable(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw badInput(`--env ${JSON.stringify(text)} has no name and value.`, 'Write --env NAME=value.');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** `signalbox agents remove`. */
export function removeAgent(context: CliContext, id: string, options: CommonOptions): Promise<number> {
  const agentId = readAgentId(id);
  return answer(
    context,
    options,
    async (client) => expectOk(await client.removeAgent({ agentId })),
    () => [`Agent ${agentId} is removed.`],
  );
}

/** What can be done to an agent's processes. */
export const agentChanges = ['start', 'stop', 'drain', 'enable', 'disable'] as const;
export type AgentChange = (typeof agentChanges)[number];

type ChangedAgent = ApiOutput<'stopAgent'>;

/** `signalbox agents start|stop|drain|enable|disable`. */
export async function changeAgent(
  context: CliContext,
  change: AgentChange,
  id: string,
  options: ReasonOptions,
): Promise<number> {
  const agentId = readAgentId(id);
  const reason = options.reason ?? 'asked for in the terminal';
  return answer(
    context,
    options,
    async (client, { role }) => {
      if (change === 'start' && role !== 'guest') throw new RefusedError(noEngine);
      return { agent: await callChange(client, change, agentId, reason) };
    },
    ({ agent }) => {
      const { mark, tone } = lookOf(agent.state);
      return [`${createPaint(context.terminal.colour)(tone, mark)} Agent ${agent.id} is ${agent.state}.`];
    },
  );
}

/** `signalbox agents reset`: closes the circuit breaker of an agent, of a provider, or both where they share a name. */
export function resetBreakers(context: CliContext, name: string, options: ReasonOptions): Promise<number> {
  const ids = breakersNamed(name);
  const reason = options.reason ?? 'asked for in the terminal';
  return answer(
    context,
    options,
    async (client) => {
      const { breakers } = expectOk(await client.listBreakers({}));
      const busy = breakers.filter(({ state, failuresInRow }) => state !== 'closed' || failuresInRow > 0);
      const known = ids.filter((id) => busy.some((breaker) => breaker.id === id));
      const reset: Breaker[] = [];
      // Where none has anything to forget, the engine says so.
      for (const breakerId of known.length > 0 ? known : ids.slice(0, 1)) {
        reset.push(expectOk(await client.resetBreaker({ breakerId, reason })));
      }
      return { breakers: reset };
    },
    ({ breakers }) => breakers.map(({ id }) => `The circuit breaker of ${id.replace(':', ' ')} is closed.`),
  );
}

function breakersNamed(name: string): readonly BreakerId[] {
  const ids = name.includes(':') ? [name] : [`agent:${name}`, `provider:${name}`];
  return ids.map((id) => {
    const parsed = breakerIdSchema.safeParse(id);
    if (parsed.success) return parsed.data;
    throw badInput(`${JSON.stringify(name)} is no agent's id and no provider's name.`, 'See signalbox agents.');
  });
}

const noEngine: ApiError = {
  type: 'refused',
  message: "No engine is running, and an agent's process lives with its engine.",
  remedy: 'Start an engine with: signalbox engine. Agents start by themselves as soon as there is work for them.',
};

async function callChange(
  client: ApiClient,
  change: AgentChange,
  agentId: AgentId,
  reason: string,
): Promise<ChangedAgent> {
  switch (change) {
    case 'start':
      return expectOk(await client.startAgent({ agentId }));
    case 'stop':
      return expectOk(await client.stopAgent({ agentId, reason }));
    case 'drain':
      return expectOk(await client.drainAgent({ agentId, reason }));
    case 'enable':
      return expectOk(await client.enableAgent({ agentId }));
    case 'disable':
      return expectOk(await client.disableAgent({ agentId, reason }));
  }
}

function readAgentId(text: string): AgentId {
  const parsed = agentIdSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw badInput(`${JSON.stringify(text)} is no agent's id.`, 'See signalbox agents.');
}
