import { spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLinuxProcesses } from '../../src-main/agents/linux-processes.ts';
import type { FoundProcess, ProcessQuery, ProcessTable } from '../../src-main/agents/process-table.ts';
import type { ProcessUsage } from '../../src-main/agents/process-usage.ts';
import { readLinuxUsage, readSystemUsage } from '../../src-main/agents/process-usage.ts';
import { UsageMeter } from '../../src-main/agents/usage-meter.ts';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';

const worker = agentIdSchema.parse('worker');
const other = agentIdSchema.parse('other');
const engineMark = { name: 'SIGNALBOX_DATA', value: 'mine' };

/** A machine whose processes, and what they use, the test says. */
class Machine {
  readonly clock = new ManualClock();
  readonly facts = new Map<number, ProcessUsage>();
  /** Processes that descend from a PID. */
  readonly descendants = new Map<number, readonly number[]>();
  /** PIDs that carry a mark, by its value. */
  readonly marked = new Map<string, readonly number[]>();
  looks = 0;
  readonly meter = new UsageMeter({
    clock: this.clock,
    processes: { find: (query: ProcessQuery) => Promise.resolve(this.#find(query)) } as ProcessTable,
    read: (pids) => {
      this.looks += 1;
      return Promise.resolve(new Map(pids.flatMap((pid) => this.#factOf(pid))));
    },
    marker: () => engineMark,
  });

  measure(...pids: readonly number[]) {
    return this.meter.measure(
      new Map([
        [worker, pids.map((pid) => ({ pid, startMark: `at ${pid}` }))],
        [other, []],
      ]),
    );
  }

  async usage(...pids: readonly number[]) {
    return (await this.measure(...pids)).get(worker);
  }

  use(pid: number, cpuMs: number, memoryBytes = 100, endedChildrenMs = 0): void {
    this.facts.set(pid, { cpuMs, memoryBytes, endedChildrenMs });
  }

  #find({ groups, markers }: ProcessQuery): FoundProcess[] {
    const pids = [
      ...groups.flatMap((pid) => [pid, ...(this.descendants.get(pid) ?? [])]),
      ...markers.flatMap(({ value }) => this.marked.get(value) ?? []),
    ];
    return pids.map((pid) => ({ pid, startMark: `at ${pid}`, parent: 1, group: pid, stopped: false }));
  }

  #factOf(pid: number): [number, ProcessUsage][] {
    const fact = this.facts.get(pid);
    return fact === undefined ? [] : [[pid, fact]];
  }
}

describe('what an agent uses', () => {
  it('is the memory of all its processes and theirs; its use of the processor is known from the second look on', async () => {
    const machine = new Machine();
    machine.descendants.set(10, [11]);
    machine.use(10, 5_000);
    machine.use(11, 1_000, 50);
    expect(await machine.usage(10)).toEqual({ cpuPercent: null, memoryBytes: 150 });
    machine.use(10, 5_500);
    machine.use(11, 3_000, 60);
    machine.clock.advance(2_000);
    expect(await machine.usage(10)).toEqual({ cpuPercent: 125, memoryBytes: 160 });
  });

  it('counts a process that began since the last look from its beginning, and one that ended no more', async () => {
    const machine = new Machine();
    machine.descendants.set(10, [11]);
    machine.use(10, 100);
    machine.use(11, 100);
    await machine.usage(10);
    machine.facts.delete(11);
    machine.descendants.set(10, [12]);
    machine.use(12, 300);
    machine.clock.advance(1_000);
    expect(await machine.usage(10)).toEqual({ cpuPercent: 30, memoryBytes: 200 });
  });

  it('includes what left its group, when it carries the mark of the agent and of this engine', async () => {
    const machine = new Machine();
    machine.use(10, 0);
    machine.use(20, 0, 7);
    machine.use(30, 0, 1_000_000);
    machine.marked.set('worker', [20, 30]);
    machine.marked.set('mine', [10, 20]);
    expect(await machine.usage(10)).toEqual({ cpuPercent: null, memoryBytes: 107 });
  });

  it('is looked at once a second at most, however many ask', async () => {
    const machine = new Machine();
    machine.use(10, 0);
    const [first, second] = await Promise.all([machine.measure(10), machine.measure(10)]);
    expect(first).toBe(second);
    machine.clock.advance(999);
    await machine.measure(10);
    expect(machine.looks).toBe(1);
    machine.clock.advance(1);
    await machine.measure(10);
    expect(machine.looks).toBe(2);
  });

  it('begins anew after a long time without a question', async () => {
    const machine = new Machine();
    machine.use(10, 0);
    await machine.usage(10);
    machine.clock.advance(30_001);
    expect(await machine.usage(10)).toMatchObject({ cpuPercent: null });
  });

  it('is absent without a process, and when nothing can be read', async () => {
    const machine = new Machine();
    expect(await machine.usage()).toBeUndefined();
    machine.clock.advance(1_000);
    expect(await machine.usage(99)).toBeUndefined();
    expect((await machine.measure()).has(other)).toBe(false);
  });
});

describe.runIf(process.platform === 'linux')('real processes', () => {
  it('are measured by /proc and by the system alike, those they started included', async () => {
    const script = 'while (process.cpuUsage().user < 200_000); setInterval(() => {}, 1000)';
    const env = { ...process.env, SIGNALBOX_AGENT_ID: 'worker', SIGNALBOX_DATA: 'mine' };
    const child = spawn(process.execPath, ['-e', script], { detached: true, stdio: 'ignore', env });
    const pid = child.pid ?? 0;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    const busy = await until('work of the child', async () => {
      const used = (await readLinuxUsage([pid])).get(pid);
      return used !== undefined && used.cpuMs >= 150 ? used : undefined;
    });
    expect(busy.memoryBytes).toBeGreaterThan(1_000_000);
    const told = (await readSystemUsage([pid])).get(pid);
    expect(told?.memoryBytes).toBeGreaterThan(1_000_000);
    expect(told?.cpuMs).toBeGreaterThanOrEqual(150);
    const table = createLinuxProcesses();
    const identity = await table.identify(pid);
    if (identity === null) throw new Error('the child has ended');
    const meter = new UsageMeter({
      clock: new ManualClock(),
      processes: table,
      read: readLinuxUsage,
      marker: () => engineMark,
    });
    const usage = (await meter.measure(new Map([[worker, [identity]]]))).get(worker);
    expect(usage).toMatchObject({ cpuPercent: null });
    expect(usage?.memoryBytes).toBeGreaterThan(1_000_000);
  });

  it('that are not there are left out', async () => {
    const gone = 2 ** 22 + 1;
    expect(await readLinuxUsage(Array.from({ length: 40 }, () => gone))).toEqual(new Map());
    expect(await readSystemUsage([gone])).toEqual(new Map());
    expect(await readSystemUsage([])).toEqual(new Map());
  });
});
