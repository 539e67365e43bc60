import type { ApiClient, Subscription } from '../../contract/api.ts';
import type { Event } from '../../contract/event.ts';
import { agentIdSchema } from '../../contract/ids.ts';
import type { CliContext, CommonOptions, Reached } from '../cli-context.ts';
import { followUntilSignal } from '../follow.ts';
import type { Paint } from '../paint.ts';
import { createPaint } from '../paint.ts';
import { badInput, exitCodes, expectOk } from '../refused.ts';
import { plainText, safeJson } from '../safe-text.ts';
import { findAnything, findRun } from '../short-ids.ts';
import { fitText, padText } from '../text-width.ts';
import { clockWords } from '../time-words.ts';

export interface EventOptions extends CommonOptions {
  readonly run?: string;
  readonly task?: string;
  readonly agent?: string;
  readonly after?: string;
  readonly limit?: string;
  readonly follow?: boolean;
}

type Query = Omit<Extract<Subscription, { topic: 'events' }>, 'topic'>;

const usualLimit = 200;
const pageSize = 1_000;

/** `signalbox events`: what has happened, oldest first, and with `-f` what happens. JSON is one event per line. */
export async function showEvents(context: CliContext, options: EventOptions): Promise<number> {
  const limit = readNumber('--limit', options.limit) ?? usualLimit;
  const after = readNumber('--after', options.after);
  const reached = await context.reach('idle', options);
  try {
    const filter = await readFilter(reached.client, options);
    const start = after ?? (await startOf(reached.client, filter, limit));
    const paint = createPaint(context.terminal.colour);
    const print = (event: Event) =>
      options.json === true
        ? context.terminal.printRaw(`${safeJson(event)}\n`)
        : context.terminal.print(eventLine(event, paint, context.terminal.columns));
    const last = await printStored(
      reached.client,
      { ...filter, afterSeq: start },
      options.follow === true ? Infinity : limit,
      print,
    );
    if (options.follow === true) return await followEvents(context, reached, { ...filter, afterSeq: last }, print);
    return exitCodes.done;
  } finally {
    await reached.close();
  }
}

function readNumber(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw badInput(`${option} ${text} is not possible.`, 'Use a whole number.');
  return value;
}

async function readFilter(client: ApiClient, { run, task, agent }: EventOptions): Promise<Omit<Query, 'afterSeq'>> {
  const agentId = agent === undefined ? undefined : agentIdSchema.safeParse(agent);
  if (agentId !== undefined && !agentId.success)
    throw badInput(`${JSON.stringify(agent)} is no agent's id.`, 'See signalbox agents.');
  const found = task === undefined ? undefined : await findAnything(client, task);
  if (found !== undefined && found.noun !== 'task') throw badInput(`${task} is no task.`, 'See signalbox tasks.');
  return {
    ...(run === undefined ? {} : { runId: await findRun(client, run) }),
    ...(found === undefined ? {} : { taskId: found.id }),
    ...(agentId === undefined ? {} : { agentId: agentId.data }),
  };
}

/** Without `--after` the last events are wanted; with a filter, which cannot be counted backwards, all of them. */
async function startOf(client: ApiClient, filter: Omit<Query, 'afterSeq'>, limit: number): Promise<number> {
  if (Object.keys(filter).length > 0) return 0;
  const { lastSeq } = expectOk(await client.getStatus({}));
  return Math.max(0, lastSeq - limit);
}

/** @returns the number of the last event that was printed, or where it started. */
async function printStored(
  client: ApiClient,
  query: Query,
  limit: number,
  print: (event: Event) => void,
): Promise<number> {
  let { afterSeq } = query;
  for (let left = limit; left > 0; ) {
    const { events } = expectOk(await client.listEvents({ ...query, afterSeq, limit: Math.min(left, pageSize) }));
    for (const event of events) print(event);
    afterSeq = events.at(-1)?.seq ?? afterSeq;
    left -= events.length;
    if (events.length === 0) break;
  }
  return afterSeq;
}

async function followEvents(
  context: CliContext,
  reached: Reached,
  query: Query,
  print: (event: Event) => void,
): Promise<number> {
  if (reached.role !== 'guest') {
    context.terminal.note('No engine is running, so nothing more happens. Start one with: signalbox engine');
    return exitCodes.done;
  }
  return followUntilSignal(context, reached, { topic: 'events', ...query }, (message) => {
    if (message.topic === 'events') for (const event of message.events) print(event);
  });
}

/** Fields that every event has, or that the line shows by itself. */
const shownApart: ReadonlySet<string> = new Set(['seq', 'at', 'actor', 'kind']);
const kindWidth = 22;

/** One event as one line: number, time, kind, and everything in it that is short. */
function eventLine(event: Event, paint: Paint, width: number): string {
  const facts = Object.entries(event)
    .filter(([name, value]) => !shownApart.has(name) && value !== null)
    .map(([name, value]) => `${name}=${factText(value)}`)
    .join(' ');
  const head = `${padText(String(event.seq), 6, 'right')}  ${clockWords(event.at)}  ${padText(event.kind, kindWidth)}`;
  const rest = fitText(plainText(facts), Math.max(20, width - head.length - 2));
  return `${paint('muted', head.slice(0, 22))}${head.slice(22)}  ${paint('muted', rest)}`;
}

const longestFact = 80;

function factText(value: unknown): string {
  return fitText(typeof value === 'string' ? value : JSON.stringify(value), longestFact);
}
