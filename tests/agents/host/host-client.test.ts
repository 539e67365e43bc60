import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ProcessObserver, SpawnRequest } from '../../../src-main/agents/agent-host.ts';
import { dataMarkerName } from '../../../src-main/agents/agent-host.ts';
import { dataMarkerOf, startAgentHost } from '../../../src-main/agents/host-client.ts';
import { createLinuxProcesses } from '../../../src-main/agents/linux-processes.ts';
import { reapProcesses } from '../../../src-main/agents/reap.ts';
import type { ProcessIdentity } from '../../../src-main/contract/task.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';
import { isAlive } from './in-process-host.ts';

const table = createLinuxProcesses();
const resisting = `trap '' TERM; (trap '' TERM; while :; do sleep 1; done) &
  (setsid bash -c "trap '' TERM; while :; do sleep 1; done" &); while :; do sleep 1; done`;

interface Told {
  readonly warnings: string[];
  readonly lines: [string, number][];
  readonly output: number[];
  readonly dropped: number[];
  beats: number;
}

async function openHost(values: () => readonly string[] = () => []) {
  const folder = temporaryFolder();
  const told: Told = { warnings: [], lines: [], output: [], dropped: [], beats: 0 };
  const warn = (message: string) => told.warnings.push(message);
  const started = await startAgentHost({
    logger: { info: () => undefined, warn, error: warn },
    dataFolder: folder,
    redaction: { values, patterns: [] },
  });
  if (!started.ok) {
    throw new Error(started.error.message);
  }
  const host = started.value;
  onTestFinished(() => host.close(0));
  const observer: ProcessObserver = {
    line: (text, cutBytes) => told.lines.push([text, cutBytes]),
    output: (totalLines) => told.output.push(totalLines),
    beat: () => {
      told.beats += 1;
    },
    dropped: (bytes) => told.dropped.push(bytes),
  };
  return { folder, told, host, observer };
}

function request(folder: string, script: string, extra: Partial<SpawnRequest> = {}): SpawnRequest {
  return {
    key: 'one',
    argv: ['/bin/bash', '-c', script],
    cwd: folder,
    env: { PATH: process.env.PATH ?? '' },
    marker: { name: 'SIGNALBOX_ATTEMPT_ID', value: `attempt-in-${folder}` },
    log: join(folder, 'one.log'),
    stdout: 'log',
    stdin: 'none',
    heartbeatMs: 50,
    ...extra,
  };
}

/** Everything alive that belongs to a data folder, the host included. */
function marked(folder: string) {
  return table.find({ groups: [], roots: [], markers: [{ name: dataMarkerName, value: dataMarkerOf(folder) }] });
}

function hostPidOf(folder: string): Promise<number> {
  return until('host', async () => (await marked(folder)).find(({ parent }) => parent === process.pid)?.pid);
}

describe.runIf(process.platform === 'linux')('The agent host in its own process', () => {
  test('runs a process, logs, beats, tells who watches, and ends', async () => {
    const secrets = ['first-secret-value'];
    const { host, folder, told, observer } = await openHost(() => secrets);
    const watched: number[] = [];
    const stop = host.watchLog(join(folder, 'one.log'), (totalLines) => watched.push(totalLines));
    const stopAgain = host.watchLog(join(folder, 'one.log'), () => undefined);
    const one = host.spawn(request(folder, 'echo one first-secret-value; sleep 0.3; echo two >&2'), observer);
    expect((await one.started).ok).toBe(true);
    expect(await host.spawn(request(folder, 'true'), observer).started).toMatchObject({ ok: false });
    expect(await one.exited).toEqual({ code: 0, signal: null, stragglers: 0, lastWords: 'two' });
    secrets.push('second-secret-value');
    host.appendLog(join(folder, 'one.log'), [{ stream: 'engine', text: 'three second-secret-value', at: 1 }]);
    expect(await host.closeLog(join(folder, 'one.log'))).toEqual({ totalLines: 3 });
    stop();
    stopAgain();
    stop();
    expect(readFileSync(join(folder, 'one.log'), 'utf8')).toBe('one [redacted]\ntwo\nthree [redacted]\n');
    expect(told.beats).toBeGreaterThan(0);
    expect(watched.at(-1)).toBe(3);
    expect(told.output.length).toBeGreaterThan(0);
    await host.close(1_000);
    expect(await marked(folder)).toEqual([]);
    expect(await host.spawn(request(folder, 'true'), observer).exited).toMatchObject({ code: null });
    expect(await host.closeLog(join(folder, 'one.log'))).toEqual({ totalLines: 0 });
  });

  test('carries a protocol, with credit for as much as is handled', async () => {
    const { host, folder, told, observer } = await openHost();
    const process = host.spawn(
      request(folder, 'cat; seq 1 600000', { stdout: 'protocol', stdin: 'pipe', log: null }),
      observer,
    );
    host.attachLog('one', join(folder, 'other.log'));
    host.attachLog('unknown', null);
    process.write('hello');
    process.endInput();
    await process.exited;
    expect(told.lines.length).toBe(600_001);
    expect(told.lines[0]).toEqual(['hello', 0]);
    expect(told.lines.at(-1)).toEqual(['600000', 0]);
    process.stop(0);
  });

  test('says when it cannot start', async () => {
    const { execPath } = process;
    const folder = temporaryFolder();
    const warnings: string[] = [];
    const note = (message: string) => warnings.push(message);
    try {
      process.execPath = '/no/such/node';
      const started = await startAgentHost({
        logger: { info: note, warn: note, error: note },
        dataFolder: folder,
        redaction: { values: () => [], patterns: [] },
      });
      expect(started).toMatchObject({ ok: false, error: { category: 'spawn' } });
      process.execPath = '/bin/false';
      const ended = await startAgentHost({
        logger: { info: note, warn: note, error: note },
        dataFolder: folder,
        redaction: { values: () => [], patterns: [] },
      });
      expect(ended).toMatchObject({ ok: false, error: { message: expect.stringContaining('exit 1') } });
      expect(warnings).toHaveLength(2);
    } finally {
      process.execPath = execPath;
    }
  });

  test('P7 fault 2: killed itself, leaves nothing behind, and its processes are told as ended', async () => {
    const { host, folder, told, observer } = await openHost();
    const one = host.spawn(request(folder, resisting), observer);
    await one.started;
    await until('four processes', async () => ((await marked(folder)).length > 4 ? true : undefined));
    const pending = host.closeLog(join(folder, 'never-answered.log'));
    const hostPid = await hostPidOf(folder);
    process.kill(hostPid, 'SIGSTOP');
    const late = host.spawn(request(folder, 'true', { key: 'late' }), observer);
    process.kill(hostPid, 'SIGKILL');
    expect(await host.lost).toContain('SIGKILL');
    expect(await one.exited).toMatchObject({ code: null, signal: null });
    expect(await late.started).toMatchObject({ ok: false, error: { class: 'transient' } });
    await pending;
    expect(await marked(folder)).toEqual([]);
    expect(told.warnings).toContain('The agent host has died.');
  });

  test('ends with its processes when it is asked to by a signal', async () => {
    const { host, folder, observer } = await openHost();
    const one = host.spawn(request(folder, resisting), observer);
    await one.started;
    process.kill(await hostPidOf(folder), 'SIGTERM');
    expect(await host.lost).toContain('exit 0');
    expect(await marked(folder)).toEqual([]);
  });
});

/** Starts a main process of its own and waits until its processes run. */
async function startMain(folder: string): Promise<{ main: ChildProcess; host: number; identity: ProcessIdentity }> {
  const main = spawn(process.execPath, [fileURLToPath(new URL('./fake-main.ts', import.meta.url)), folder, resisting], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void main.kill('SIGKILL'));
  let printed = '';
  main.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const text = await until('PIDs', () => (printed.endsWith('\n') ? printed : undefined));
  await until('all processes', async () => ((await marked(folder)).length > 4 ? true : undefined));
  return { main, ...JSON.parse(text) };
}

describe.runIf(process.platform === 'linux')('P7 When the main process is killed', () => {
  test('I8 the host ends its children, also those that resist or hide, and itself, within two seconds', async () => {
    const folder = temporaryFolder();
    const { main, host } = await startMain(folder);
    const begin = performance.now();
    main.kill('SIGKILL');
    await until('the end of all', async () => ((await marked(folder)).length === 0 ? true : undefined));
    await until('the end of the host', async () => ((await isAlive(host)) ? undefined : true));
    expect(performance.now() - begin).toBeLessThan(2_000);
  });

  test('together with its host, the next start finds and ends what is left', async () => {
    const folder = temporaryFolder();
    const { main, host, identity } = await startMain(folder);
    process.kill(host, 'SIGKILL');
    main.kill('SIGKILL');
    await until('the end of both', async () => ((await isAlive(host)) ? undefined : true));
    expect((await marked(folder)).length).toBeGreaterThan(2);
    const report = await reapProcesses({
      table,
      known: [identity],
      marker: { name: dataMarkerName, value: dataMarkerOf(folder) },
      spared: [],
    });
    expect(report.left).toEqual([]);
    expect(report.ended.map(({ pid }) => pid)).toContain(identity.pid);
    expect(await marked(folder)).toEqual([]);
  });

  test('a new host spares itself when it reaps', async () => {
    const { host, folder } = await openHost();
    expect(await host.reap([])).toEqual({ ended: [], left: [] });
    expect(await isAlive(await hostPidOf(folder))).toBe(true);
  });
});

describe.runIf(process.platform === 'linux')('I8 A process whose PID was reused', () => {
  test('is never touched', async () => {
    const other = spawn('sleep', ['60']);
    onTestFinished(() => void other.kill('SIGKILL'));
    const pid = other.pid ?? 0;
    const marker = { name: dataMarkerName, value: 'nobody' };
    const report = await reapProcesses({ table, known: [{ pid, startMark: 'another:1' }], marker, spared: [] });
    expect(report).toEqual({ ended: [], left: [] });
    expect(await table.signal({ pid, startMark: 'another:1' }, 'SIGKILL')).toBe('gone');
    expect(await isAlive(pid)).toBe(true);
  });
});
