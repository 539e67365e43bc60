import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ApiClient, ApiInput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import { clientOf } from './api-client.ts';
import type { ServedApi } from './serve-api.ts';

/** A file that is given to a person, made while it is read. */
export interface Download {
  /** Safe as it is in a header: letters, digits, `_`, `-` and `.`. */
  readonly fileName: string;
  readonly contentType: string;
  /** Bytes; null when that is not known yet. */
  readonly size: number | null;
  /** Fails when the engine refuses to go on, so that nobody takes a part for the whole. */
  readonly stream: Readable;
}

type Filter = Readonly<Record<string, unknown>>;

/** Some rows, and what to add to the filter for the next ones; null when these were the last. */
interface Rows {
  readonly rows: readonly unknown[];
  readonly next: Filter | null;
}

type ListRows = (client: ApiClient, filter: Filter) => Promise<Result<Rows, ApiError>>;

const pageSize = 500;
/** About how much is handed to the stream at once, in UTF-16 code units. */
const chunkLength = 64 * 1024;

const lists = new Map<string, ListRows>([
  ['/download/events.jsonl', listEvents],
  ['/download/runs.jsonl', listRuns],
  ['/download/tasks.jsonl', listTasks],
]);

/**
 * Opens what a download link names: `/download/log/<attempt>`, the whole log as it is on disk now, or
 * `/download/{events,runs,tasks}.jsonl?filter=<JSON>`, one row per line; the filter is the input of `listEvents`,
 * `listRuns` or `listTasks`. Knows no wire: every host serves the same links. The caller reads or destroys the stream.
 */
export async function openDownload(served: ServedApi, pathAndQuery: string): Promise<Result<Download, ApiError>> {
  const address = readAddress(pathAndQuery);
  const client = clientOf(served);
  const log = /^\/download\/log\/(attempt_[0-9a-z]+)$/.exec(address?.pathname ?? '');
  if (log?.[1] !== undefined) return openLog(served, log[1]);
  const list = lists.get(address?.pathname ?? '');
  if (address === null || list === undefined) return refuse('notFound', 'There is no such download.', 'Go back.');
  const filter = readFilter(address.searchParams.get('filter'));
  if (!filter.ok) return filter;
  const first = await list(client, filter.value);
  if (!first.ok) return first;
  return ok({
    fileName: address.pathname.slice('/download/'.length),
    contentType: 'application/x-ndjson; charset=utf-8',
    size: null,
    stream: Readable.from(writeLines(client, list, filter.value, first.value), { objectMode: false }),
  });
}

function readAddress(pathAndQuery: string): URL | null {
  // Only the path counts; the origin is there because the parser wants one.
  return URL.parse(pathAndQuery, 'http://localhost');
}

async function openLog(served: ServedApi, attempt: string): Promise<Result<Download, ApiError>> {
  const input = { attemptId: attempt, from: 1, limit: 1 };
  // The id is checked by the contract.
  const log = await clientOf(served).readLog(input as ApiInput<'readLog'>);
  if (!log.ok) return log;
  const about = { fileName: `${attempt}.log`, contentType: 'text/plain; charset=utf-8' };
  try {
    const file = await open(log.value.path, 'r');
    const { size } = await file.stat();
    if (size > 0) return ok({ ...about, size, stream: file.createReadStream({ start: 0, end: size - 1 }) });
    await file.close();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') return unreadable(log.value.path, code);
  }
  // Nothing was printed so far.
  return ok({ ...about, size: 0, stream: Readable.from([], { objectMode: false }) });
}

function unreadable(path: string, code: string | undefined) {
  return refuse('unavailable', `The log ${path} cannot be read (${code}).`, 'Correct its rights, and try again.');
}

function readFilter(text: string | null): Result<Filter, ApiError> {
  if (text === null || text === '') return ok({});
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return ok(value as Filter);
  } catch {
    // It is refused below.
  }
  return refuse('invalidInput', 'The filter is not a JSON object.', 'Write ?filter={} for all rows.', {
    field: 'filter',
  });
}

async function* writeLines(client: ApiClient, list: ListRows, filter: Filter, first: Rows): AsyncGenerator<string> {
  let page = first;
  for (;;) {
    yield* cutIntoChunks(page.rows);
    if (page.next === null) return;
    const next = await list(client, { ...filter, ...page.next });
    if (!next.ok) throw new Error(next.error.message);
    page = next.value;
  }
}

function* cutIntoChunks(rows: readonly unknown[]): Generator<string> {
  let chunk = '';
  for (const row of rows) {
    chunk += `${JSON.stringify(row)}\n`;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** Events up to the last one there is now: what happens during the download does not make it endless. */
async function listEvents(client: ApiClient, filter: Filter): Promise<Result<Rows, ApiError>> {
  const page = await client.listEvents({ ...filter, limit: pageSize });
  if (!page.ok) return page;
  const { events, lastSeq } = page.value;
  const last = events.at(-1);
  if (last === undefined || events.length < pageSize) return ok({ rows: events, next: null });
  const next =
    filter.order === 'newest' ? { beforeSeq: last.seq } : { beforeSeq: lastSeq + 1, ...filter, afterSeq: last.seq };
  return ok({ rows: events, next });
}

async function listRuns(client: ApiClient, filter: Filter): Promise<Result<Rows, ApiError>> {
  const page = await client.listRuns({ ...filter, limit: pageSize });
  return page.ok ? ok({ rows: page.value.runs, next: nextOf(page.value.next) }) : page;
}

async function listTasks(client: ApiClient, filter: Filter): Promise<Result<Rows, ApiError>> {
  const page = await client.listTasks({ ...filter, limit: pageSize });
  return page.ok ? ok({ rows: page.value.tasks, next: nextOf(page.value.next) }) : page;
}

function nextOf(after: string | null): Filter | null {
  return after === null ? null : { after };
}
