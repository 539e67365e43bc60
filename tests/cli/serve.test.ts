import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { HostedWindow } from '../../src-main/cli/host-window.ts';
import { hostWindow } from '../../src-main/cli/host-window.ts';
import { RefusedError } from '../../src-main/cli/refused.ts';
import type { ApiHandlers } from '../../src-main/contract/api.ts';
import { ok } from '../../src-main/contract/result.ts';
import { systemClock } from '../../src-main/engine/system-clock.ts';
import type { EngineState } from '../../src-main/reach/steady-engine.ts';
import { apiTokenPath } from '../../src-main/transport/api-token-file.ts';
import { serveApi } from '../../src-main/transport/serve-api.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';
import { createFakeEngine } from '../transport/fake-engine.ts';
import { createFakeCli } from './fake-context.ts';

const status = { resumedRuns: [], reapedProcesses: 0, runs: { queued: 1, running: 0, waiting: 0 }, tasks: {} };
const getStatus = () => ok(status) as never;

/** A window whose engine and server only take notes. */
function fakeWindow(role: EngineState['role'] = 'host', handlers: Partial<ApiHandlers> = { getStatus }) {
  const engine = createFakeEngine(handlers);
  const listeners = new Set<(state: EngineState) => void>();
  let links = 0;
  const hosted: HostedWindow = {
    dataFolder: '/d',
    engine: {
      served: serveApi({ engine, timer: systemClock, logger: { error: () => {} }, createReference: () => 'ref-1' }),
      state: () => (role === 'lost' ? { role, pid: null } : { role, pid: 7 }),
      onState: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      close: vi.fn(async () => {}),
    },
    server: {
      url: 'http://127.0.0.1:4000/',
      port: 4_000,
      createEntryUrl: () => {
        links += 1;
        return `http://127.0.0.1:4000/enter?token=${links}`;
      },
      reconnectPages: vi.fn(),
      close: vi.fn(async () => {}),
    },
  };
  const tell = (state: EngineState) => {
    for (const listener of listeners) listener(state);
  };
  return { hosted, tell, listeners };
}

async function start(window: ReturnType<typeof fakeWindow>, argv: readonly string[], openUrl = async () => {}) {
  const given = vi.fn(async () => window.hosted);
  const cli = createFakeCli({ hostWindow: given, openUrl });
  const end = cli.run('serve', ...argv);
  await until('the link', () => (cli.printed.out.includes('token=1') && cli.listening === 2 ? true : undefined));
  return { cli, end, given };
}

test('the link is printed, Enter prints another, and Ctrl-C parks live work', async () => {
  const window = fakeWindow();
  const { cli, end, given } = await start(window, ['--port', '4000']);
  expect(given).toHaveBeenCalledWith(4_000, expect.anything());
  expect(cli.lines()).toEqual([
    '● window http://127.0.0.1:4000/enter?token=1',
    '  data /d',
    'The link lets one browser in, within five minutes. Enter prints a new one; Ctrl-C ends.',
  ]);
  cli.pressEnter();
  expect(cli.printed.out).toContain('token=2');
  cli.signal('SIGINT');
  expect(await end).toBe(130);
  expect(window.hosted.server.close).toHaveBeenCalledOnce();
  expect(window.hosted.engine.close).toHaveBeenCalledWith({ mode: 'park', graceMs: 5_000 });
  expect(cli.printed.err).toContain('SIGINT: parking live work.\nParked: 1 other run.');
  expect([cli.listening, window.listeners.size, cli.opened]).toEqual([0, 0, []]);
});

test('as a guest it only lets go of the engine', async () => {
  const window = fakeWindow('guest');
  const { cli, end } = await start(window, []);
  window.tell({ role: 'lost', pid: null });
  window.tell({ role: 'host', pid: 5 });
  cli.signal('SIGTERM');
  expect(await end).toBe(143);
  expect(cli.printed.err).toBe(
    'The engine has ended; this process goes on with its work.\nSIGTERM: the window ends; the engine of process 7 goes on.\n',
  );
});

test('a second signal ends it at once', async () => {
  const window = fakeWindow();
  const closed = Promise.withResolvers<void>();
  vi.mocked(window.hosted.engine.close).mockReturnValue(closed.promise);
  const { cli, end } = await start(window, []);
  cli.signal('SIGINT');
  cli.signal('SIGINT');
  closed.resolve();
  expect(await end).toBe(130);
  expect(window.hosted.engine.close).toHaveBeenCalledWith({ mode: 'park', graceMs: 0 });
  expect(cli.printed.err).toContain('Stopping at once.');
});

test('with --json it prints links as JSON', async () => {
  const { cli, end } = await start(fakeWindow(), ['--json']);
  expect(JSON.parse(cli.printed.out)).toEqual({ url: 'http://127.0.0.1:4000/enter?token=1' });
  cli.signal('SIGHUP');
  expect(await end).toBe(129);
});

test('--open opens the link in the browser; without one the person is told', async () => {
  const first = await start(fakeWindow(), ['--open']);
  expect(first.cli.opened).toEqual(['http://127.0.0.1:4000/enter?token=1']);
  first.cli.signal('SIGINT');
  await first.end;
  const second = await start(fakeWindow(), ['--open'], async () => Promise.reject(new Error('spawn xdg-open ENOENT')));
  await until('the note', () => (second.cli.printed.err === '' ? undefined : true));
  expect(second.cli.printed.err).toContain(
    'No browser could be opened (spawn xdg-open ENOENT): open the link yourself.',
  );
  second.cli.signal('SIGINT');
  await second.end;
});

test('R75 an engine that does not answer is no reason not to serve, or not to end', async () => {
  const error = { type: 'unavailable', message: 'Gone.', remedy: 'Wait.' } as const;
  const { cli, end } = await start(fakeWindow('host', { getStatus: () => ({ ok: false, error }) }), []);
  cli.signal('SIGINT');
  expect(await end).toBe(130);
  expect(cli.printed.err).toBe('Gone.\nSIGINT: parking live work.\nGone.\n');
});

test.each(['-1', '65536', 'http', '80.5', '', ' ', '0x50'])('R74 --port %j is refused', async (port) => {
  const cli = createFakeCli();
  expect(await cli.run('serve', `--port=${port}`)).toBe(2);
  expect(cli.printed.err).toContain('is no number of a port.');
});

test('what is in the way ends the command with its sentence', async () => {
  const error = { type: 'conflict', message: 'Port 80 is in use.', remedy: 'Choose another.' } as const;
  const cli = createFakeCli({ hostWindow: async () => Promise.reject(new RefusedError(error)) });
  expect(await cli.run('serve')).toBe(1);
  expect(cli.printed.err).toBe('✗ Port 80 is in use.\n  Choose another.\n');
});

/** Real windows on real engines; ended with the test. */
async function host(dataFolder: string, port = 0): Promise<HostedWindow> {
  const hosted = await hostWindow({ dataFolder, port, failed: vi.fn() });
  if (!hosted.ok) throw new Error(hosted.error.message);
  onTestFinished(async () => {
    await hosted.value.server.close();
    await hosted.value.engine.close({ mode: 'park', graceMs: 100 });
  });
  return hosted.value;
}

test('a real window that cannot listen leaves no engine behind', async () => {
  const { server } = await host(temporaryFolder());
  const dataFolder = temporaryFolder();
  const refused = await hostWindow({ dataFolder, port: server.port, failed: vi.fn() });
  expect(refused).toMatchObject({ ok: false, error: { type: 'conflict' } });
  // Its engine gave the folder back: another one is host at once.
  expect((await host(dataFolder)).engine.state()).toEqual({ role: 'host', pid: process.pid });
});

test('R70 the page of a guest is told when the engine ends, and finds the new one within two seconds', async () => {
  const dataFolder = temporaryFolder();
  const first = await host(dataFolder);
  const second = await host(dataFolder);
  const token = readFileSync(apiTokenPath(dataFolder), 'utf8').trim();
  const connect = () => {
    const socket = new WebSocket(`${second.server.url.replace('http', 'ws')}live`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const replies: { say: string; value?: unknown }[] = [];
    socket.on('message', (data) => replies.push(JSON.parse(String(data))));
    onTestFinished(() => socket.terminate());
    return { socket, replies };
  };
  const before = connect();
  await until('the greeting', () => before.replies[0]);
  await first.engine.close({ mode: 'park', graceMs: 100 });
  await until('the goodbye', () => before.replies.find(({ say }) => say === 'goodbye'), 2_000);
  await until('the take-over', () => (second.engine.state().role === 'host' ? true : undefined), 2_000);
  const after = connect();
  await until('the greeting', () => after.replies[0]);
  after.socket.send(JSON.stringify({ ask: 'call', id: 1, name: 'listRuns', input: {} }));
  const answer = await until('the answer', () => after.replies.find(({ say }) => say === 'answer'));
  expect(answer).toMatchObject({ value: { runs: [] } });
});
