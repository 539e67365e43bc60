import { describe, expect, it, onTestFinished } from 'vitest';
import type { AgentHost } from '../../../src-main/agents/agent-host.ts';
import { startAgentHost } from '../../../src-main/agents/host-client.ts';
import { HostKeeper } from '../../../src-main/agents/host-keeper.ts';
import type { Failure } from '../../../src-main/contract/errors.ts';
import type { Result } from '../../../src-main/contract/result.ts';
import { until } from '../../support/until.ts';
import { makeRequest, promptWork, scriptWork, shellAgent, testAgent } from './make-request.ts';
import { isAlive, openRoom, quietLogger, systemClock } from './open-room.ts';

describe('a lost agent host', () => {
  it('R25 every attempt died, nothing of it is left, and later attempts work', async () => {
    const hosts: number[] = [];
    const room = await openRoom({
      startHost: async (options) => {
        const started = await startAgentHost(options);
        if (started.ok) hosts.push(hostPid(started.value));
        return started;
      },
    });
    onTestFinished(() => room.close());
    const shell = room.launch(makeRequest(shellAgent(), { work: scriptWork('sleep 60'), folder: room.workspace }));
    const acp = room.launch(
      makeRequest(testAgent('acp'), { work: promptWork({ mode: 'timeout' }), folder: room.workspace }),
    );
    const pids = await until('both to begin', () => {
      const found = [...shell.witness.processes, ...acp.witness.processes].map((process) => process?.pid ?? 0);
      return found.length === 2 && acp.witness.kinds.length > 0 ? found : undefined;
    });
    process.kill(hosts[0] ?? 0, 'SIGKILL');
    const lost = { outcome: 'died', exit: null, failure: { category: 'engine', class: 'transient' } };
    expect(await Promise.all([shell.attempt.result, acp.attempt.result])).toMatchObject([lost, lost]);
    expect(pids.filter(isAlive)).toEqual([]);
    const next = makeRequest(testAgent('acp'), { work: promptWork(), folder: room.workspace });
    expect(await room.run(next)).toMatchObject({ outcome: 'completed' });
    expect(hosts).toHaveLength(2);
  });
});

/** The process behind a host, which only a test wants to know. */
function hostPid(host: AgentHost): number {
  const { options } = host as unknown as { options: { child: { pid: number } } };
  return options.child.pid;
}

describe('the keeper of the agent host', () => {
  const failure: Failure = { category: 'spawn', class: 'transient', message: 'No room' };

  /** A keeper of hosts that die when told to. */
  function openKeeper(starts: (number: number) => boolean) {
    const deaths: ((reason: string) => void)[] = [];
    let started = 0;
    const start = async (): Promise<Result<AgentHost, Failure>> => {
      started += 1;
      if (!starts(started)) return { ok: false, error: failure };
      const { promise, resolve } = Promise.withResolvers<string>();
      deaths.push(resolve);
      const host = {
        lost: promise,
        reap: async () => ({ ended: [], left: [{ process: { pid: 1, startMark: '' }, reason: 'It stays' }] }),
        close: async () => undefined,
      };
      return { ok: true, value: host as unknown as AgentHost };
    };
    const clock = { ...systemClock, after: (_: number, callback: () => void) => systemClock.after(0, callback) };
    const keeper = new HostKeeper({ start, clock, logger: quietLogger });
    const die = async (which: number) => {
      deaths[which]?.('killed');
      await Promise.resolve();
    };
    return { keeper, die, count: () => started };
  }

  it('has none before it was started, and says why when it cannot be', async () => {
    const { keeper } = openKeeper(() => false);
    expect(await keeper.host()).toMatchObject({ ok: false, error: { category: 'engine' } });
    expect(await keeper.start()).toEqual({ ok: false, error: failure });
    await keeper.close(0);
  });

  it('starts another one, also when that takes several tries', async () => {
    const { keeper, die, count } = openKeeper((number) => number === 1 || number > 3);
    const first = await keeper.start();
    await die(0);
    const second = await keeper.host();
    expect(second.ok && first.ok && second.value !== first.value).toBe(true);
    expect(count()).toBe(4);
    if (first.ok) await keeper.recoveredFrom(first.value);
    await keeper.close(0);
  });

  it('gives up when none lasts', async () => {
    const { keeper, die, count } = openKeeper((number) => number === 1);
    await keeper.start();
    await die(0);
    expect(await keeper.host()).toMatchObject({
      ok: false,
      error: { category: 'engine', message: expect.stringContaining('6 times in a row. Last: No room') },
    });
    expect(count()).toBe(7);
  });

  it('starts none after it was closed', async () => {
    const { keeper, die, count } = openKeeper(() => true);
    await keeper.start();
    await keeper.close(0);
    await die(0);
    expect(await keeper.host()).toMatchObject({ ok: false });
    expect(count()).toBe(1);
  });

  it('starts none when it is closed while it waits to', async () => {
    const { keeper, die, count } = openKeeper((number) => number === 1);
    await keeper.start();
    await die(0);
    await keeper.close(0);
    expect(await keeper.host()).toMatchObject({ ok: false });
    expect(count()).toBeLessThanOrEqual(2);
  });
});
