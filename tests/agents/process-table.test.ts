import { spawn } from 'node:child_process';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { endProcesses } from '../../src-main/agents/end-processes.ts';
import type { FoundProcess, ProcessTable } from '../../src-main/agents/process-table.ts';
import { openProcessTable } from '../../src-main/agents/process-table.ts';
import { until } from '../support/until.ts';

const none = { groups: [], roots: [], markers: [] };
const unused = () => Promise.reject(new Error('must not be run'));

function sleeper(env: Record<string, string> = {}, detached = false): number {
  const child = spawn('sleep', ['60'], { env: { ...env, PATH: process.env.PATH ?? '' }, detached });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child.pid ?? 0;
}

describe.runIf(process.platform === 'linux')('The process table of Linux', () => {
  const table = openProcessTable({ platform: 'linux', run: unused });

  test('identifies a process by PID and start mark, and a dead one not at all', async () => {
    const pid = sleeper();
    expect(await table.identify(pid)).toEqual({ pid, startMark: expect.stringMatching(/^[0-9a-f-]{36}:\d+$/) });
    expect(await table.canRun(pid)).toBe(true);
    process.kill(pid, 'SIGSTOP');
    await until('suspended', async () => ((await table.canRun(pid)) ? undefined : true));
    process.kill(pid, 'SIGKILL');
    await until('the end', async () => ((await table.identify(pid)) === null ? true : undefined));
    expect(await table.canRun(pid)).toBe(false);
  });

  test('finds by marker, by group and by descent, and never finds itself', async () => {
    const value = `value-${process.pid}`;
    const marked = sleeper({ SIGNALBOX_TEST: value });
    const leader = sleeper({ SIGNALBOX_TEST: `${value}-longer` }, true);
    const find = async (query: Partial<Parameters<ProcessTable['find']>[0]>) =>
      (await table.find({ ...none, ...query })).map(({ pid }) => pid);
    expect(await find({ markers: [{ name: 'SIGNALBOX_TEST', value }] })).toEqual([marked]);
    expect(await find({ groups: [leader] })).toEqual([leader]);
    expect(await find({ roots: [process.pid] })).toEqual(expect.arrayContaining([marked, leader]));
    expect(await find({ roots: [process.pid] })).not.toContain(process.pid);
    expect(await find({})).toEqual([]);
  });

  test('finds a process that it has passed over before as soon as another query asks for it', async () => {
    const value = `value-${process.pid}`;
    const leader = sleeper({ SIGNALBOX_OTHER: value }, true);
    const find = async (query: Partial<Parameters<ProcessTable['find']>[0]>) =>
      (await table.find({ ...none, ...query })).map(({ pid }) => pid);
    const markers = [{ name: 'SIGNALBOX_TEST', value }];
    for (const _ of [1, 2]) expect(await find({ markers })).not.toContain(leader);
    expect(await find({ groups: [leader] })).toEqual([leader]);
    expect(await find({ markers: [{ name: 'SIGNALBOX_OTHER', value }] })).toEqual([leader]);
    expect(await find({ markers, roots: [process.pid] })).toContain(leader);
    expect(await find({ markers })).not.toContain(leader);
  });

  test('reads environments of any length, and finds what its end says', async () => {
    const value = 'at the end';
    const long = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`LONG_${index}`, 'x'.repeat(9_000)]));
    const marked = sleeper({ ...long, SIGNALBOX_TEST: value });
    const found = await table.find({ ...none, markers: [{ name: 'SIGNALBOX_TEST', value }] });
    expect(found.map(({ pid }) => pid)).toEqual([marked]);
  });

  test('tells when a process may not be signalled', async () => {
    const pid = sleeper();
    const identity = await table.identify(pid);
    vi.spyOn(process, 'kill').mockImplementationOnce(() => {
      throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
    });
    expect(identity === null ? null : await table.signal(identity, 'SIGTERM')).toBe('refused');
  });
});

describe('The process table by ps', () => {
  const rows = [
    '    1     0     1 Ss   Sat Nov 21 07:00:00 2026     /sbin/launchd',
    '  100     1   100 S    Sat Nov 21 07:40:32 2026     agent run SIGNALBOX_DATA=abc HOME=/x',
    '  101   100   100 T    Sat Nov  1 07:40:33 2026     child SIGNALBOX_DATA=abc',
    '  102   100   102 S    Sat Nov 21 07:40:34 2026     other SIGNALBOX_DATA=abcd',
    '  103     1   103 Z    Sat Nov 21 07:40:34 2026     (gone)',
    'no row at all',
  ];
  const run = (_program: string, args: readonly string[]) => {
    const at = args.indexOf('-p');
    const wanted = at === -1 ? rows : rows.filter((row) => row.trim().startsWith(`${args[at + 1]} `));
    return Promise.resolve(wanted.join('\n'));
  };
  const table = openProcessTable({ platform: 'darwin', run });

  test('reads identities, states and zombies', async () => {
    expect(await table.identify(100)).toEqual({ pid: 100, startMark: 'Sat Nov 21 07:40:32 2026' });
    expect(await table.identify(103)).toBeNull();
    expect(await Promise.all([100, 101, 103, 999].map((pid) => table.canRun(pid)))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('finds by marker, group and descent', async () => {
    const find = async (query: object) => (await table.find({ ...none, ...query })).map(({ pid }) => pid);
    expect(await find({ markers: [{ name: 'SIGNALBOX_DATA', value: 'abc' }] })).toEqual([100, 101]);
    expect(await find({ groups: [100] })).toEqual([100, 101]);
    expect(await find({ roots: [100] })).toEqual([101, 102]);
  });

  test('I8 leaves a reused PID alone', async () => {
    expect(await table.signal({ pid: 100, startMark: 'Fri Nov 20 07:40:32 2026' }, 'SIGKILL')).toBe('gone');
  });
});

describe('The process table of Windows', () => {
  const list = ['100 4 1000', '101 100 2000', '102 101 500', '103 101 3000', '', 'garbage'].join('\r\n');

  test('reads identities from PowerShell, and descent without children of an earlier owner of the PID', async () => {
    const table = openProcessTable({ platform: 'win32', run: () => Promise.resolve(list) });
    expect(await table.identify(101)).toEqual({ pid: 101, startMark: '2000' });
    expect(await table.identify(999)).toBeNull();
    expect((await table.find({ ...none, roots: [100] })).map(({ pid }) => pid)).toEqual([101, 103]);
    expect((await table.find({ ...none, groups: [100] })).map(({ pid }) => pid)).toEqual([100, 101, 103]);
    expect(await table.canRun(process.pid)).toBe(true);
    expect(await table.canRun(2 ** 30)).toBe(false);
  });

  test('ends a process with its tree, and only the one that is meant', async () => {
    const ran: string[] = [];
    let rows = list;
    const table = openProcessTable({
      platform: 'win32',
      run: (program, args) => {
        if (program === 'taskkill.exe') {
          ran.push(args.join(' '));
          rows = rows.replace('101 100 2000', '');
        }
        return Promise.resolve(rows);
      },
    });
    expect(await table.signal({ pid: 101, startMark: '1' }, 'SIGKILL')).toBe('gone');
    expect(await table.signal({ pid: 101, startMark: '2000' }, 'SIGSTOP')).toBe('sent');
    expect(await table.signal({ pid: 101, startMark: '2000' }, 'SIGKILL')).toBe('sent');
    expect(ran).toEqual(['/PID 101 /T /F']);
    rows = list;
    const stubborn = openProcessTable({ platform: 'win32', run: () => Promise.resolve(list) });
    expect(await stubborn.signal({ pid: 101, startMark: '2000' }, 'SIGKILL')).toBe('refused');
  });
});

/** A table of made-up processes that react to signals as told. */
function scriptedTable(processes: FoundProcess[], onSignal: (pid: number, signal: string) => 'sent' | 'refused') {
  const alive = new Map(processes.map((process) => [process.pid, process]));
  const sent: string[] = [];
  const table: ProcessTable = {
    identify: (pid) => Promise.resolve(alive.get(pid) ?? null),
    identifyChild: (pid) => Promise.resolve(alive.get(pid) ?? null),
    canRun: (pid) => Promise.resolve(alive.has(pid)),
    find: () => Promise.resolve([...alive.values()]),
    signal: ({ pid }, signal) => {
      sent.push(`${signal} ${pid}`);
      return Promise.resolve(onSignal(pid, signal));
    },
  };
  return { table, alive, sent };
}

function found(pid: number): FoundProcess {
  return { pid, startMark: `start-${pid}`, parent: 1, group: pid, stopped: false };
}

describe('Ending processes', () => {
  test('asks first, kills who stays, and spares whom it is told to', async () => {
    const { table, alive, sent } = scriptedTable([found(1), found(2), found(3)], (pid, signal) => {
      if (pid === 1 || signal === 'SIGKILL') {
        alive.delete(pid);
      }
      return 'sent';
    });
    const report = await endProcesses({ table, query: none, graceMs: 30, spared: [3] });
    expect(report.ended.map(({ pid }) => pid)).toEqual([1, 2]);
    expect(report.left).toEqual([]);
    expect(sent).toEqual(['SIGTERM 1', 'SIGTERM 2', 'SIGKILL 2']);
  });

  test('suspends many before it kills any, and those that appeared meanwhile', async () => {
    const scripted = scriptedTable(
      Array.from({ length: 20 }, (_item, index) => found(100 + index)),
      (pid, signal) => {
        const target = scripted.alive.get(pid);
        if (signal === 'SIGKILL') {
          scripted.alive.delete(pid);
        } else if (target !== undefined) {
          scripted.alive.set(pid, { ...target, stopped: true });
          if (pid < 105) {
            scripted.alive.set(pid + 1_000, found(pid + 1_000));
          }
        }
        return 'sent';
      },
    );
    const report = await endProcesses({ table: scripted.table, query: none, graceMs: 0 });
    expect(report.ended).toHaveLength(25);
    expect(scripted.sent.findIndex((text) => text.startsWith('SIGKILL'))).toBe(25);
  });

  test('says who is left, and why', async () => {
    const { table } = scriptedTable([found(1), found(2)], (pid) => (pid === 1 ? 'refused' : 'sent'));
    const { ended, left } = await endProcesses({ table, query: none, graceMs: 0 });
    expect(ended).toEqual([]);
    expect(left.map(({ reason }) => reason)).toEqual([
      'It may not be signalled by this user.',
      'It did not end after SIGKILL.',
    ]);
  });
});
