import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ProcessObserver, SpawnRequest } from '../../src-main/agents/agent-host.ts';
import type { HostCommand, HostReport } from '../../src-main/agents/host/protocol.ts';
import { HostConnection } from '../../src-main/agents/host-connection.ts';

/** The main process's end of a channel whose other end is the test. */
function connect() {
  const sent: HostCommand[] = [];
  const killed: string[] = [];
  const warnings: string[] = [];
  const channel = Object.assign(new EventEmitter(), {
    connected: true,
    pid: undefined,
    send: (command: HostCommand) => sent.push(command),
    kill: (signal: string) => killed.push(signal),
  });
  const warn = (message: string) => warnings.push(message);
  const host = new HostConnection({
    child: channel as unknown as ChildProcess,
    dataFolder: '/data',
    dataMarker: 'marker',
    lastErrors: () => '',
    logger: { info: () => undefined, warn, error: warn },
    redaction: { values: () => [], patterns: ['x'] },
  });
  const report = (message: HostReport) => channel.emit('message', message);
  return { host, channel, sent, killed, warnings, report };
}

function request(key: string, log: string | null): SpawnRequest {
  return {
    key,
    argv: ['true'],
    cwd: '/',
    env: {},
    marker: { name: 'M', value: key },
    log,
    stdout: 'log',
    stdin: 'none',
    heartbeatMs: 1_000,
  };
}

function observer() {
  const told: unknown[] = [];
  const observer: ProcessObserver = {
    line: (text, cutBytes) => told.push(['line', text, cutBytes]),
    output: (totalLines) => told.push(['output', totalLines]),
    beat: () => told.push('beat'),
    dropped: (bytes) => told.push(['dropped', bytes]),
  };
  return { told, observer };
}

describe('The connection to the agent host', () => {
  test('tells each process what concerns it and its log, and nobody what concerns no one', () => {
    const { host, report, warnings } = connect();
    const [one, two] = [observer(), observer()];
    host.spawn(request('one', '/a.log'), one.observer);
    host.spawn(request('two', null), two.observer);
    report({ kind: 'grown', logs: [['/a.log', 3]] });
    report({ kind: 'dropped', log: '/a.log', bytes: 7 });
    host.attachLog('two', '/b.log');
    report({ kind: 'dropped', log: '/b.log', bytes: 8 });
    report({ kind: 'beat', key: 'two' });
    report({ kind: 'lines', key: 'two', lines: ['x', 'y'], cut: [[1, 9]], bytes: 4 });
    report({ kind: 'trouble', message: 'a pattern is wrong' });
    report({ kind: 'ready', version: 1 });
    for (const key of ['nobody']) {
      report({ kind: 'beat', key });
      report({ kind: 'lines', key, lines: ['x'], cut: [], bytes: 2 });
      report({ kind: 'exited', key, exit: { code: 0, signal: null, stragglers: 0, lastWords: '' } });
      report({ kind: 'started', key, result: { ok: true, value: { pid: 1, startMark: 'x' } } });
    }
    report({ kind: 'closedLog', call: 99, totalLines: 1 });
    expect(one.told).toEqual([
      ['output', 3],
      ['dropped', 7],
    ]);
    expect(two.told).toEqual([['dropped', 8], 'beat', ['line', 'x', 0], ['line', 'y', 9]]);
    expect(warnings).toEqual(['a pattern is wrong']);
  });

  test('survives a disturbed channel, and says so', () => {
    const { channel, warnings } = connect();
    channel.emit('error', new Error('EPIPE'));
    expect(warnings).toEqual(['The channel to the agent host is disturbed.']);
  });

  test('answers whoever waits when the host ends, and does not call an end lost that was asked for', async () => {
    const { host, channel } = connect();
    const call = host.closeLog('/a.log');
    let lost = false;
    void host.lost.then(() => {
      lost = true;
    });
    const closed = Promise.all([host.close(10), host.close(10)]);
    channel.connected = false;
    channel.emit('exit', 0, null);
    await closed;
    expect(await call).toEqual({ totalLines: 0 });
    expect(await host.closeLog('/a.log')).toEqual({ totalLines: 0 });
    expect(lost).toBe(false);
  });

  test('leaves reaping to the host where the main process would have to start programs to look', async () => {
    const { host, sent, report, channel } = connect();
    vi.spyOn(process, 'platform', 'get').mockReturnValue('darwin');
    const known = [{ pid: 5, startMark: 'x' }];
    const reaping = host.reap(known);
    expect(sent.at(-1)).toEqual({ kind: 'reap', call: 1, known });
    report({ kind: 'reaped', call: 1, report: { ended: known, left: [] } });
    expect(await reaping).toEqual({ ended: known, left: [] });
    const unanswered = host.reap(known);
    channel.emit('exit', 1, null);
    expect(await unanswered).toEqual({ ended: [], left: [] });
  });

  describe('when the host does not end', () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    test('R70 kills it some time after the grace', async () => {
      const { host, channel, killed } = connect();
      const closed = host.close(1_000);
      vi.advanceTimersByTime(8_999);
      expect(killed).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(killed).toEqual(['SIGKILL']);
      channel.emit('exit', null, 'SIGKILL');
      await closed;
      expect(vi.getTimerCount()).toBe(0);
    });
  });
});
