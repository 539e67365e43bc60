import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import { agentIdSchema } from '../../../src-main/contract/ids.ts';
import type { ProcessIdentity } from '../../../src-main/contract/task.ts';
import { until } from '../../support/until.ts';
import { agent, fixture, makeRequest, promptWork, scriptWork, shellAgent, testAgent } from './make-request.ts';
import type { Room } from './open-room.ts';
import { isAlive, openRoom } from './open-room.ts';

let room: Room;
let story: string[];
let processes: ProcessIdentity[];
let beats: number;
beforeEach(async () => {
  room = await openRoom({ heartbeatMs: 100 });
  story = [];
  processes = [];
  beats = 0;
  room.launcher.onAgentProcess({
    starting: (id) => story.push(`${id} starting`),
    ready: (id, process, version) => {
      processes.push(process);
      story.push(`${id} ready ${version}`);
    },
    ended: (id, _process, expected, reason) => story.push(`${id} ended ${expected ? 'as asked' : reason}`),
    beat: () => {
      beats += 1;
    },
  });
});
afterEach(() => room.close());

const acp = testAgent('acp');

function work(config: Record<string, unknown> = {}, definition: AgentDefinition = acp) {
  return makeRequest(definition, { work: promptWork(config), folder: room.workspace });
}

describe("an agent's processes", () => {
  it('R19 one is started ahead of work, answers the handshake, beats, and serves the first attempt', async () => {
    expect(await room.launcher.startAgent(acp)).toEqual({ ok: true, value: { version: '1.0.0' } });
    expect(await room.launcher.startAgent(acp)).toMatchObject({ ok: true });
    await until('a heartbeat', () => (beats > 0 ? true : undefined));
    const { witness } = await room.run(work());
    expect(witness.processes).toEqual(processes);
    expect(story).toEqual(['tester starting', 'tester ready 1.0.0']);
  });

  it('there is nothing to start for agents with one process per task', async () => {
    expect(await room.launcher.startAgent(shellAgent())).toEqual({ ok: true, value: { version: null } });
    expect(story).toEqual([]);
  });

  it('one per attempt at the same time, kept and used again one after the other', async () => {
    const both = await Promise.all([
      room.run(work({ mode: 'slow', ms: 300 })),
      room.run(work({ mode: 'slow', ms: 300 })),
    ]);
    expect(new Set(both.map(({ witness }) => witness.processes[0]?.pid)).size).toBe(2);
    for (let again = 0; again < 3; again += 1) await room.run(work());
    expect(story.filter((line) => line.includes('starting'))).toHaveLength(2);
  });

  it('R37 the end of one leaves the others alone', async () => {
    const slow = room.launch(work({ mode: 'slow', ms: 500 }));
    const crashing = room.run(work({ mode: 'crash', signal: 'SIGKILL' }));
    expect(await crashing).toMatchObject({ outcome: 'died' });
    expect(await slow.attempt.result).toMatchObject({ outcome: 'completed' });
    expect(story).toContain('tester ended it was ended by signal SIGKILL');
  });

  it('one that was idle for too long ends', async () => {
    await room.run(work({}, { ...acp, idleStopMs: 100 }));
    await until('its end', () => (story.includes('tester ended as asked') ? true : undefined));
    expect(isAlive(processes[0]?.pid ?? 0)).toBe(false);
  });

  it('those of an older definition are not used again', async () => {
    await room.run(work());
    const changed = { ...acp, env: { MODE: 'new' } };
    const { witness } = await room.run(work({}, changed));
    expect(witness.processes).toEqual([processes[1]]);
    await until('the end of the old one', () => (story.includes('tester ended as asked') ? true : undefined));
  });

  it('no more stay idle than the agent has slots', async () => {
    const single = { ...acp, slots: 1 };
    await Promise.all([
      room.run(work({ mode: 'slow', ms: 200 }, single)),
      room.run(work({ mode: 'slow', ms: 200 }, single)),
    ]);
    await until('the end of one', () => (story.includes('tester ended as asked') ? true : undefined));
    expect(story.filter((line) => line.includes('ended'))).toHaveLength(1);
  });

  it('R35 stopping the agent stops its attempts and ends all its processes, and those of no other', async () => {
    const other = testAgent('acp', { id: agentIdSchema.parse('other') });
    await room.launcher.startAgent(other);
    await room.launcher.startAgent(acp);
    const busy = room.launch(work({ mode: 'timeout' }));
    await until('the work to begin', () => (busy.witness.kinds.length > 0 ? true : undefined));
    await room.launcher.stopAgent(acp.id, 2_000);
    expect(await busy.attempt.result).toMatchObject({ outcome: 'stopped' });
    expect(story.filter((line) => line.includes('ended'))).toEqual(['tester ended as asked']);
    expect(processes.map(({ pid }) => isAlive(pid))).toEqual([true, false]);
  });

  it('I8 its end touches no process of another engine, however alike their agents are', async () => {
    const other = await openRoom();
    onTestFinished(() => other.close());
    await Promise.all([room.launcher.startAgent(acp), other.launcher.startAgent(acp)]);
    await other.launcher.stopAgent(acp.id, 0);
    const { witness } = await room.run(work());
    expect(witness.processes).toEqual(processes);
    expect(story).toHaveLength(2);
  });

  it('R24 one that ignores every polite way to end is killed after the grace', async () => {
    const { attempt, witness } = room.launch(work({ mode: 'hang' }));
    await until('the work to begin', () => (witness.kinds.length > 0 ? true : undefined));
    await room.launcher.stopAgent(acp.id, 200);
    expect(await attempt.result).toMatchObject({ outcome: 'stopped' });
    expect(isAlive(processes[0]?.pid ?? 0)).toBe(false);
  });

  it('R25 one that dies while it is idle is told, and another takes its place', async () => {
    await room.launcher.startAgent(acp);
    process.kill(processes[0]?.pid ?? 0, 'SIGKILL');
    await until('its end', () => story.find((line) => line === 'tester ended it was ended by signal SIGKILL'));
    expect(await room.run(work())).toMatchObject({ outcome: 'completed' });
  });

  it('R19 tells why one did not become ready', async () => {
    const mute = { ...acp, command: [...acp.command, '--handshake', 'none'], startTimeoutMs: 500 };
    const started = await room.launcher.startAgent(mute);
    expect(started).toMatchObject({ ok: false, error: { category: 'handshake' } });
    expect(story).toEqual(['tester starting', expect.stringContaining('tester ended no handshake within 0.5 s')]);
    const missing = await room.launcher.startAgent({ ...acp, command: ['/no/such/agent'] });
    expect(missing).toMatchObject({ ok: false, error: { category: 'spawn' } });
  });

  it.each([5, 50])(
    'R42 %i that are started together all become ready',
    async (count) => {
      const quick = [
        { on: 'initialize', send: [{ jsonrpc: '2.0', id: '$initialize', result: { protocolVersion: 1 } }] },
      ];
      const command = count === 5 ? acp.command : [process.execPath, fixture('replay-agent.ts'), JSON.stringify(quick)];
      const agents = Array.from({ length: count }, (_, index) =>
        agent({ id: agentIdSchema.parse(`agent-${index}`), protocol: 'acp', command, startTimeoutMs: 60_000 }),
      );
      const started = await Promise.all(agents.map((definition) => room.launcher.startAgent(definition)));
      expect(started.filter(({ ok }) => ok)).toHaveLength(count);
      await Promise.all(agents.map(({ id }) => room.launcher.stopAgent(id, 2_000)));
      expect(processes.filter(({ pid }) => isAlive(pid))).toEqual([]);
    },
    60_000,
  );
});

describe.skipIf(process.platform !== 'linux')('I8 what an attempt leaves behind', () => {
  it.each(['group', 'session', 'double'])('ends with its process: descendants in a %s of their own', async (how) => {
    const result = await room.run(work({ mode: 'fork', how, count: 2, stubborn: true }));
    if (result.outcome !== 'completed') throw new Error(`It ${result.outcome}`);
    expect((result.outputs.pids as number[]).filter(isAlive)).toEqual([]);
    expect(story.at(-1)).toBe('tester ended as asked');
    expect(await room.run(work())).toMatchObject({ outcome: 'completed' });
  });
});

describe('the end of the launcher', () => {
  it('R43 R70 leaves no process and no temporary folder, and refuses what comes later', async () => {
    const busy = room.launch(work({ mode: 'timeout' }));
    const shell = room.launch(makeRequest(shellAgent(), { work: scriptWork('sleep 60'), folder: room.workspace }));
    await until('the work to begin', () =>
      busy.witness.kinds.length > 0 && shell.witness.processes.length > 0 ? true : undefined,
    );
    await room.launcher.close(300);
    expect(await Promise.all([busy.attempt.result, shell.attempt.result])).toMatchObject([
      { outcome: 'stopped' },
      { outcome: 'stopped' },
    ]);
    const pids = [...processes, ...shell.witness.processes].map((process) => process?.pid ?? 0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await room.temporary()).toEqual([]);

    const late = room.launch(work());
    late.attempt.stop(0);
    expect(await late.attempt.result).toMatchObject({ outcome: 'failed', failure: { category: 'engine' } });
    const gate = room.launcher.runGateCommand(work(), ['true'], 1_000);
    gate.stop(0);
    expect(await gate.result).toMatchObject({ exitCode: null });
    expect(await room.launcher.startAgent(acp)).toMatchObject({ ok: false, error: { category: 'engine' } });
  });
});
