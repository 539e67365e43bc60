import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLinuxProcesses } from '../../../src-main/agents/linux-processes.ts';
import { openForAppending } from '../../../src-main/agents/log-file/log-file.ts';
import { createLogReader } from '../../../src-main/agents/log-reader.ts';
import { until } from '../../support/until.ts';
import { inProcessHost, isAlive } from './in-process-host.ts';

/** A PID that a script wrote into a file. */
function pidIn(path: string): Promise<number> {
  return until(`PID in ${path}`, () => {
    try {
      const pid = Number(readFileSync(path, 'utf8'));
      return pid > 0 ? pid : undefined;
    } catch {
      return undefined;
    }
  });
}

describe.runIf(process.platform === 'linux')('The agent host runs a process', () => {
  test('and reports its identity, its end, and what it printed', async () => {
    const it = inProcessHost();
    const key = it.start('echo out; echo err >&2; exit 3');
    expect(await it.exit(key)).toEqual({ code: 3, signal: null, stragglers: 0, lastWords: 'err' });
    expect(it.of('started', key)).toMatchObject([
      { result: { ok: true, value: { startMark: expect.stringMatching(/:\d+$/) } } },
    ]);
    expect(readFileSync(`${it.folder}/${key}.log`, 'utf8').split('\n').sort()).toEqual(['', 'err', 'out']);
    it.send({ kind: 'closeLog', call: 7, log: `${it.folder}/${key}.log` });
    await until('closed log', () =>
      it.reports.find((report) => report.kind === 'closedLog' && report.totalLines === 2),
    );
    expect(it.reports.some((report) => report.kind === 'grown' && report.logs[0]?.[1] === 2)).toBe(true);
  });

  test('with its marker and that of the data folder, and no stdin unless asked for', async () => {
    const it = inProcessHost();
    const key = it.start('cat; echo "$SIGNALBOX_ATTEMPT_ID $SIGNALBOX_DATA"');
    await it.exit(key);
    expect(readFileSync(`${it.folder}/${key}.log`, 'utf8')).toMatch(/^(test-\S+)-process-1 \1\n$/);
  });

  test('whose protocol lines are delivered whole, and whose input is written', async () => {
    const it = inProcessHost();
    const key = it.start(['cat'], { stdout: 'protocol', stdin: 'pipe', log: null });
    await it.pid(key);
    it.send({ kind: 'write', key, line: '{"a":"é"}' });
    it.send({ kind: 'write', key, line: 'x'.repeat(1_000_000) });
    it.send({ kind: 'endInput', key });
    it.send({ kind: 'write', key, line: 'too late' });
    expect(await it.exit(key)).toMatchObject({ code: 0 });
    expect(it.of('lines', key).flatMap(({ lines }) => lines)).toEqual(['{"a":"é"}', 'x'.repeat(1_000_000)]);
    it.send({ kind: 'write', key, line: 'nobody is there' });
  });

  test('that has to wait when its protocol output is not handled, and goes on when it is', async () => {
    const it = inProcessHost();
    const key = it.start('yes 0123456789abcdef | head -c 20000000; echo; echo last', { stdout: 'protocol', log: null });
    const handled = () => it.of('lines', key).reduce((sum, { bytes }) => sum + bytes, 0);
    let before = -1;
    await until('a halt', async () => {
      const now = handled();
      const halted = now > 0 && now === before;
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return halted || undefined;
    });
    expect(handled()).toBeLessThan(3_000_000);
    let acked = 0;
    await until('the end', () => {
      const bytes = handled() - acked;
      acked += bytes;
      it.send({ kind: 'ack', key, bytes });
      return it.of('exited', key)[0];
    });
    expect(handled()).toBe(20_000_006);
    expect(it.of('lines', key).at(-1)?.lines.at(-1)).toBe('last');
  });

  test('R26 and beats as long as it can run: not while it is suspended', async () => {
    const it = inProcessHost();
    const key = it.start('sleep 60', { heartbeatMs: 20 });
    const pid = await it.pid(key);
    await until('beats', () => it.of('beat', key)[2]);
    process.kill(pid, 'SIGSTOP');
    await until('silence', async () => {
      const before = it.of('beat', key).length;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return it.of('beat', key).length === before || undefined;
    });
    process.kill(pid, 'SIGCONT');
    const count = it.of('beat', key).length;
    await until('beats again', () => it.of('beat', key)[count]);
    it.send({ kind: 'stop', key, graceMs: 1_000 });
    expect(await it.exit(key)).toMatchObject({ signal: 'SIGTERM' });
  });

  test('R46 and takes the secrets of its environment out of its log', async () => {
    const it = inProcessHost({}, ['customer-\\d+', '(bad']);
    const env = { PATH: process.env.PATH ?? '', MY_TOKEN: 'the-secret-of-the-environment' };
    it.send({ kind: 'redact', values: ['a-value-known-before'] });
    it.send({ kind: 'redact', values: ['a-value-known-before'] });
    const key = it.start('echo $MY_TOKEN; echo a-value-known-before customer-12; echo $MY_TOKEN >&2', { env });
    expect(await it.exit(key)).toMatchObject({ lastWords: '[redacted]' });
    expect(readFileSync(`${it.folder}/${key}.log`, 'utf8').split('\n').sort()).toEqual([
      '',
      '[redacted]',
      '[redacted]',
      '[redacted] [redacted]',
    ]);
    expect(it.reports.find(({ kind }) => kind === 'trouble')).toMatchObject({
      message: expect.stringContaining('(bad'),
    });
  });

  test('R65 whose stderr goes where it is told, between what is appended', async () => {
    const it = inProcessHost();
    const key = it.start('while read line; do echo "heard $line" >&2; echo "{}"; done', {
      stdout: 'protocol',
      stdin: 'pipe',
      log: null,
    });
    const say = async (line: string) => {
      const before = it.of('lines', key).length;
      it.send({ kind: 'write', key, line });
      await until(`answer to ${line}`, () => it.of('lines', key)[before]);
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
    const log = `${it.folder}/attempt_00000000000000000000000001.log`;
    await say('nowhere');
    it.send({ kind: 'attachLog', key, log });
    it.send({ kind: 'appendLog', log, entries: [{ stream: 'message', text: 'first\nsecond', at: 1 }] });
    await say('here');
    it.send({ kind: 'attachLog', key, log: null });
    await say('nowhere again');
    it.send({ kind: 'endInput', key });
    await it.exit(key);
    it.send({ kind: 'closeLog', call: 1, log });
    await until('closed log', () => it.reports.find(({ kind }) => kind === 'closedLog'));
    const page = await createLogReader({ folder: it.folder }).read('attempt_00000000000000000000000001' as never, 1, 9);
    expect(page?.lines.map(({ stream, text }) => [stream, text])).toEqual([
      ['message', 'first'],
      ['message', 'second'],
      ['stderr', 'heard here'],
    ]);
  });

  test('whose input is closed when it reads nothing of it, before memory runs out', async () => {
    const it = inProcessHost();
    const key = it.start('sleep 60', { stdin: 'pipe' });
    await it.pid(key);
    const line = 'x'.repeat(10_000_000);
    for (let count = 0; count < 8; count += 1) {
      it.send({ kind: 'write', key, line });
    }
    expect(it.reports.filter(({ kind }) => kind === 'trouble')).toHaveLength(1);
    it.send({ kind: 'stop', key, graceMs: 0 });
    await it.exit(key);
  });

  test('and reaps others by identity, without harm to itself', async () => {
    const it = inProcessHost();
    it.send({ kind: 'reap', call: 3, known: [{ pid: process.pid, startMark: 'another' }] });
    await until('the report', () => it.reports.find((report) => report.kind === 'reaped' && report.call === 3));
    it.send({ kind: 'close', graceMs: 0 });
    const late = it.start('true');
    expect(await it.exit(late)).toMatchObject({ code: null });
  });

  test('only once under one key, and none after it was shut down', async () => {
    const it = inProcessHost();
    const key = it.start('sleep 60');
    it.start('echo again', { key });
    expect(it.of('started', key)).toMatchObject([{ result: { ok: false, error: { category: 'spawn' } } }]);
    await it.host.shutDown(1_000);
    expect(it.of('exited', key).at(-1)?.exit.signal).toBe('SIGTERM');
    const late = it.start('echo late');
    expect(await it.exit(late)).toMatchObject({ code: null });
  });
});

describe.runIf(process.platform === 'linux')('A process that cannot be started', () => {
  test.each([
    ['a missing program', ['no-such-program'], {}, 'spawn', /no-such-program was not found/],
    ['a missing folder', ['true'], { cwd: '/no/such/folder' }, 'folder', /folder \/no\/such\/folder does not exist/],
    ['a folder that is a file', ['true'], { cwd: '/etc/hostname' }, 'folder', /is no folder/],
    ['a folder as a program', ['/etc'], {}, 'spawn', /may not be executed/],
    ['too long arguments', ['true', 'x'.repeat(3_000_000)], {}, 'spawn', /longer than the system allows/],
    ['a NUL in an argument', ['true', 'a\0b'], {}, 'spawn', /could not be started/],
  ])('says so for a person: %s', async (_what, argv, extra, category, message) => {
    const it = inProcessHost();
    const key = it.start(argv, extra);
    expect(await it.exit(key)).toEqual({ code: null, signal: null, stragglers: 0, lastWords: '' });
    const [report] = it.of('started', key);
    expect(report?.result).toMatchObject({
      ok: false,
      error: { category, message: expect.stringMatching(message) },
    });
    expect(it.of('started', key)).toHaveLength(1);
  });

  test('is told as left when the system does not let it be ended', async () => {
    const real = createLinuxProcesses();
    const table = {
      ...real,
      find: () => Promise.resolve([{ pid: 1, startMark: 'x', parent: 0, group: 1, stopped: false }]),
    };
    const it = inProcessHost({ table: { ...table, signal: () => Promise.resolve('refused' as const) } });
    const key = it.start('true');
    await it.exit(key);
    expect(it.reports).toContainEqual({ kind: 'trouble', message: expect.stringContaining('may not be signalled') });
  });

  test.each(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN'])('may be tried again after %s', async (code) => {
    const it = inProcessHost({
      spawnChild: () => {
        throw Object.assign(new Error(`spawn ${code}`), { code });
      },
    });
    const key = it.start('true');
    await it.exit(key);
    expect(it.of('started', key)[0]?.result).toMatchObject({ ok: false, error: { class: 'transient' } });
  });
});

describe.runIf(process.platform === 'linux')('I8 Nothing outlives a process', () => {
  test('R24 that ignores SIGTERM, nor its children that do, nor one in a session of its own', async () => {
    const it = inProcessHost();
    const key = it.start(
      `trap '' TERM; (trap '' TERM; echo $BASHPID > child; while :; do sleep 1; done) &
       setsid bash -c "trap '' TERM; echo \\$\\$ > session; while :; do sleep 1; done" &
       (setsid bash -c "echo \\$\\$ > double; sleep 60" &) ; while :; do sleep 1; done`,
    );
    const pids = [
      await it.pid(key),
      ...(await Promise.all(['child', 'session', 'double'].map((name) => pidIn(join(it.folder, name))))),
    ];
    const begin = performance.now();
    it.send({ kind: 'stop', key, graceMs: 300 });
    const exit = await it.exit(key);
    expect(exit.signal).toBe('SIGKILL');
    expect(exit.stragglers).toBeGreaterThanOrEqual(3);
    expect(performance.now() - begin).toBeLessThan(3_000);
    expect(await Promise.all(pids.map(isAlive))).toEqual([false, false, false, false]);
  });

  test('that ends by itself and leaves children behind, also when they hold its output open', async () => {
    const it = inProcessHost();
    const key = it.start(
      `(trap '' TERM; echo $BASHPID > child; echo held; sleep 60) & setsid sleep 61 & sleep 0.2; exit 0`,
    );
    const child = await pidIn(join(it.folder, 'child'));
    const exit = await it.exit(key);
    expect(exit.code).toBe(0);
    expect(exit.stragglers).toBeGreaterThanOrEqual(2);
    expect(await isAlive(child)).toBe(false);
    expect(readFileSync(`${it.folder}/${key}.log`, 'utf8')).toBe('held\n');
  });

  test('and when someone unknown holds its output open, its end is told nevertheless', async () => {
    const it = inProcessHost();
    const key = it.start(`env -i /usr/bin/setsid /bin/sleep 5 & sleep 0.2; echo done`);
    expect(await it.exit(key, 4_000)).toMatchObject({ code: 0 });
    expect(readFileSync(`${it.folder}/${key}.log`, 'utf8')).toBe('done\n');
  });

  test('a second stop shortens the grace and never lengthens it', async () => {
    const it = inProcessHost();
    const key = it.start(`trap '' TERM; touch ready; while :; do sleep 0.1; done`);
    await it.pid(key);
    await until('trap', () => (readFileSafely(join(it.folder, 'ready')) === null ? undefined : true));
    it.send({ kind: 'stop', key, graceMs: 60_000 });
    it.send({ kind: 'stop', key, graceMs: 50 });
    it.send({ kind: 'stop', key, graceMs: 60_000 });
    expect(await it.exit(key)).toMatchObject({ signal: 'SIGKILL' });
    it.send({ kind: 'stop', key, graceMs: 0 });
  });

  test('that lets itself be asked: SIGTERM comes before SIGKILL, to the whole group', async () => {
    const it = inProcessHost();
    const key = it.start(`(trap 'echo child said goodbye; exit' TERM; touch ready; while :; do sleep 0.05; done) &
      trap 'sleep 0.2; echo goodbye; exit 7' TERM; while :; do sleep 0.05; done`);
    await until('trap', () => (readFileSafely(join(it.folder, 'ready')) === null ? undefined : true));
    it.send({ kind: 'stop', key, graceMs: 5_000 });
    expect(await it.exit(key)).toMatchObject({ code: 7, signal: null });
    expect(readFileSync(`${it.folder}/${key}.log`, 'utf8')).toMatch(/child said goodbye\n(.*\n)*goodbye\n/);
  });

  test('fault 13: not even when it starts processes faster than they are killed', async () => {
    const it = inProcessHost();
    // A bounded bomb: each generation starts two more; at most 2^6 live at once.
    writeFileSync(
      join(it.folder, 'bomb'),
      '[ "$1" -gt 6 ] && exec sleep 60; bash ./bomb $(($1+1)) & setsid bash ./bomb $(($1+1)) & wait',
    );
    const key = it.start('bash ./bomb 0');
    await it.pid(key);
    await new Promise((resolve) => setTimeout(resolve, 200));
    it.send({ kind: 'stop', key, graceMs: 0 });
    expect(await it.exit(key)).toMatchObject({ code: null });
    expect(it.reports.filter(({ kind }) => kind === 'trouble')).toEqual([]);
  });
});

function readFileSafely(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

describe.runIf(process.platform === 'linux')('P9 Output', () => {
  test('that is still on its way when the process ends is in the log', async () => {
    const it = inProcessHost();
    const keys = Array.from({ length: 8 }, () => it.start('seq 1 200000; exit 0'));
    for (const key of keys) {
      await it.exit(key);
      const text = readFileSync(`${it.folder}/${key}.log`, 'utf8');
      expect(text.length).toBe(1_288_895);
      expect(text.endsWith('\n200000\n')).toBe(true);
    }
  });

  test('of 200 MB costs little memory', async () => {
    const it = inProcessHost();
    const before = process.memoryUsage().rss;
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before);
    }, 20);
    const key = it.start('yes 0123456789012345678901234567890123456789 | head -c 200000000');
    await it.exit(key, 60_000);
    clearInterval(timer);
    expect(readFileSync(`${it.folder}/${key}.log`).length).toBe(200_000_000);
    expect(most).toBeLessThan(200 * 1024 * 1024);
  }, 60_000);

  test('that floods a slow disk waits for it', async () => {
    const it = inProcessHost({
      openFile: async (path) => {
        const file = await openForAppending(path);
        const writev = file.writev.bind(file);
        return Object.assign(file, {
          writev: async (buffers: Buffer[]) => {
            await new Promise((resolve) => setTimeout(resolve, 20));
            return writev(buffers);
          },
        });
      },
    });
    const key = it.start('head -c 30000000 /dev/zero; echo');
    await it.exit(key, 30_000);
    expect(readFileSync(`${it.folder}/${key}.log`).length).toBe(30_000_001);
  }, 30_000);

  test('that a disk does not take is counted, and nobody has to wait for it', async () => {
    const it = inProcessHost({ openFile: () => Promise.reject(new Error('no space left on device')) });
    const key = it.start('head -c 10000000 /dev/zero');
    expect(await it.exit(key)).toMatchObject({ code: 0 });
    it.send({ kind: 'closeLog', call: 1, log: `${it.folder}/${key}.log` });
    await until('closed log', () => it.reports.find(({ kind }) => kind === 'closedLog'));
    expect(it.reports.filter(({ kind }) => kind === 'dropped')).toMatchObject([{ bytes: 10_000_000 }]);
    expect(it.reports.some(({ kind }) => kind === 'trouble')).toBe(true);
  });

  test('R21 1,000 fuzzed outputs arrive as they were', async () => {
    const it = inProcessHost();
    const outputs = fc.sample(fc.uint8Array({ maxLength: 400 }), { numRuns: 1_000, seed: 20_261_121 });
    const bytes = Buffer.concat(outputs);
    writeFileSync(join(it.folder, 'input'), bytes);
    const key = it.start(['cat', join(it.folder, 'input')]);
    await it.exit(key);
    expect(readFileSync(`${it.folder}/${key}.log`).equals(bytes)).toBe(true);
    const protocol = it.start(['cat', join(it.folder, 'input')], { stdout: 'protocol', log: null });
    await it.exit(protocol);
    const newlines = bytes.filter((byte) => byte === 10).length;
    expect(it.of('lines', protocol).flatMap(({ lines }) => lines).length).toBe(
      newlines + (bytes.at(-1) === 10 ? 0 : 1),
    );
  });
});
