import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { ApiHandlers } from '../../src-main/contract/api.ts';
import { ok } from '../../src-main/contract/result.ts';
import { systemClock } from '../../src-main/engine/system-clock.ts';
import { openDownload } from '../../src-main/transport/downloads.ts';
import { serveApi } from '../../src-main/transport/serve-api.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { FakeEngine } from './fake-engine.ts';
import { createFakeEngine } from './fake-engine.ts';
import { ask, enter, serveOverHttp } from './http-served.ts';

const attemptId = `attempt_${'0'.repeat(26)}`;

function serve(engine: FakeEngine) {
  return serveApi({ engine, timer: systemClock, logger: { error: () => {} }, createReference: () => 'ref-1' });
}

/** Opens a download that is expected to be there. */
async function download(engine: FakeEngine, path: string) {
  const opened = await openDownload(serve(engine), path);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

function logAt(path: string): Partial<ApiHandlers> {
  return { readLog: () => ok({ lines: [], totalLines: 0, complete: true, path }) };
}

/** Lists of two pages, each saying what it was asked. */
function pagedHandlers(): Partial<ApiHandlers> {
  const page = (key: string) => (input: { after?: string | undefined }) =>
    ok({ [key]: [{ input }], next: input.after === undefined ? 'second' : null, total: null }) as never;
  return { listRuns: page('runs'), listTasks: page('tasks') };
}

async function linesOf(engine: FakeEngine, path: string) {
  const { stream } = await download(engine, path);
  const content = await text(stream);
  return content
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const filtered = (filter: unknown) => `?filter=${encodeURIComponent(JSON.stringify(filter))}`;

test('a log is given whole, as it is on disk', async () => {
  const path = join(temporaryFolder(), 'a.log');
  const content = 'line\n'.repeat(100_000);
  writeFileSync(path, content);
  const { fileName, contentType, size, stream } = await download(
    createFakeEngine(logAt(path)),
    `/download/log/${attemptId}`,
  );
  expect({ fileName, contentType, size }).toEqual({
    fileName: `${attemptId}.log`,
    contentType: 'text/plain; charset=utf-8',
    size: content.length,
  });
  expect((await text(stream)) === content).toBe(true);
});

test('a log without a line is an empty file, written or not', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'empty.log'), '');
  for (const name of ['empty.log', 'missing.log']) {
    const { size, stream } = await download(createFakeEngine(logAt(join(folder, name))), `/download/log/${attemptId}`);
    expect([size, await text(stream)]).toEqual([0, '']);
  }
});

test('a log that cannot be read says so', async () => {
  const engine = createFakeEngine(logAt(join(temporaryFolder(), 'x'.repeat(300))));
  expect(await openDownload(serve(engine), `/download/log/${attemptId}`)).toMatchObject({
    ok: false,
    error: { type: 'unavailable', message: expect.stringContaining('ENAMETOOLONG') },
  });
});

test('what the engine refuses is refused', async () => {
  const error = { type: 'notFound', message: 'No such attempt.', remedy: 'Look.' } as const;
  const refused = () => ({ ok: false as const, error });
  const engine = createFakeEngine({ readLog: refused, listRuns: refused, listTasks: refused, listEvents: refused });
  for (const path of [`log/${attemptId}`, 'runs.jsonl', 'tasks.jsonl', 'events.jsonl']) {
    expect(await openDownload(serve(engine), `/download/${path}`)).toEqual({ ok: false, error });
  }
});

test('R74 what is no download, and a filter that does not fit, are refused', async () => {
  const served = serve(createFakeEngine(pagedHandlers()));
  const paths = ['/download/', '/download/passwords', '/download/log/../x', '/download/constructor', '//'];
  for (const path of paths) {
    expect(await openDownload(served, path)).toMatchObject({ ok: false, error: { type: 'notFound' } });
  }
  for (const filter of ['[1]', 'null', '{', '7', '{"colour":"red"}', '{"__proto__":{"limit":1}}']) {
    const path = `/download/runs.jsonl?filter=${encodeURIComponent(filter)}`;
    expect(await openDownload(served, path)).toMatchObject({ ok: false, error: { type: 'invalidInput' } });
  }
});

test.each(['runs', 'tasks'])('%s are given page after page, one row in a line, with their filter', async (noun) => {
  const filter = { states: ['queued'], limit: 3 };
  const asked = await linesOf(createFakeEngine(pagedHandlers()), `/download/${noun}.jsonl${filtered(filter)}`);
  const input = { states: ['queued'], limit: 500, count: false };
  expect(asked).toEqual([{ input }, { input: { ...input, after: 'second' } }]);
});

test('no filter means all rows', async () => {
  expect(await linesOf(createFakeEngine(pagedHandlers()), '/download/runs.jsonl?filter=')).toHaveLength(2);
});

test('events are given in order up to the last there is, however many come meanwhile', async () => {
  const engine = createFakeEngine({});
  for (let index = 0; index < 1_200; index += 1) engine.commit({ reason: 'x'.repeat(200) });
  const { stream, fileName } = await download(engine, '/download/events.jsonl');
  engine.commit();
  const seqs = (await text(stream))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).seq);
  expect(fileName).toBe('events.jsonl');
  expect(seqs.slice(0, 1_200)).toEqual(Array.from({ length: 1_200 }, (_, index) => index + 1));
  const asked = engine.calls.map(({ input }) => input as { afterSeq: number; beforeSeq?: number });
  expect(asked.map(({ afterSeq, beforeSeq }) => [afterSeq, beforeSeq])).toEqual([
    [0, undefined],
    [500, 1_201],
    [1_000, 1_201],
  ]);
});

test('events can be given newest first', async () => {
  const listEvents: ApiHandlers['listEvents'] = ({ beforeSeq = 701, limit }) => {
    const count = Math.min(limit, beforeSeq - 1);
    const events = Array.from({ length: count }, (_, index) => ({ seq: beforeSeq - 1 - index }));
    return ok({ events, lastSeq: 700 }) as never;
  };
  const events = await linesOf(
    createFakeEngine({ listEvents }),
    `/download/events.jsonl${filtered({ order: 'newest' })}`,
  );
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 700 }, (_, index) => 700 - index));
});

test('R75 a list that breaks off fails, so that nobody takes a part for the whole', async () => {
  const listRuns: ApiHandlers['listRuns'] = ({ after }) =>
    after === undefined
      ? (ok({ runs: [{}], next: 'second', total: null }) as never)
      : { ok: false, error: { type: 'storeFailed', message: 'Disk error.', remedy: 'Look.' } };
  const { stream } = await download(createFakeEngine({ listRuns }), '/download/runs.jsonl');
  await expect(text(stream)).rejects.toThrow('Disk error.');
});

test('pages are read only as fast as they are taken', async () => {
  const listRuns: ApiHandlers['listRuns'] = () =>
    ok({ runs: Array.from({ length: 500 }, () => ({ text: 'x'.repeat(1_000) })), next: 'more', total: null }) as never;
  const engine = createFakeEngine({ listRuns });
  const { stream } = await download(engine, '/download/runs.jsonl');
  stream.once('data', () => stream.pause());
  await new Promise((resolve) => stream.once('pause', resolve));
  await new Promise((resolve) => setImmediate(resolve));
  expect(engine.calls.length).toBeLessThan(3);
  stream.destroy();
});

test('over HTTP a download is a file to keep', async () => {
  const path = join(temporaryFolder(), 'a.log');
  writeFileSync(path, 'hello\n');
  const { server } = await serveOverHttp(createFakeEngine({ ...logAt(path), ...pagedHandlers() }));
  const headers = { cookie: await enter(server) };
  expect(await ask(server, `/download/log/${attemptId}`, { headers })).toMatchObject({
    status: 200,
    text: 'hello\n',
    headers: {
      'content-length': '6',
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${attemptId}.log"`,
    },
  });
  expect(await ask(server, '/download/tasks.jsonl', { headers })).toMatchObject({
    status: 200,
    headers: { 'content-disposition': 'attachment; filename="tasks.jsonl"' },
  });
  expect(await ask(server, '/download/nothing', { headers })).toMatchObject({ status: 404 });
});
