import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openEngine, sample } from '../support/engine.ts';
import { agentDefinition, stageSpec } from '../support/samples.ts';

const ends = ['complete', 'fail'] as const;
const limit = fc.integer({ min: 1, max: 6 });

describe('R06 R28 two hundred tasks that race for few slots', () => {
  it('never give an agent, a type or the whole more than its limit, and all come to an end', async () => {
    const runs = fc.record({
      slots: fc.array(limit, { minLength: 1, maxLength: 3 }),
      total: limit,
      ofType: limit,
      picks: fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(runs, async ({ slots, total, ofType, picks }) => {
        const agents = slots.map((count, index) => agentDefinition({ id: `worker-${index}`, slots: count }));
        const engine = await openEngine({ agents, settings: { slots: { total, perType: { worker: ofType } } } });
        const work = { agent: { type: 'worker' }, work: { kind: 'prompt' as const, prompt: 'do it', config: {} } };
        const tasks = Array.from({ length: 200 }, () => ({ ...work, retry: { maxAttempts: 1 } }));
        const over: string[] = [];
        const open = new Set<(typeof engine.launcher.launches)[number]>();
        engine.launcher.onLaunch = (launch) => {
          open.add(launch);
          for (const { id, slots: most } of agents) {
            const held = [...open].filter(({ request }) => request.agent.id === id).length;
            if (held > most) over.push(`${id} held ${held} of ${most}`);
          }
          if (open.size > Math.min(total, ofType)) over.push(`${open.size} of ${total} (${ofType} of the type) ran`);
        };
        await engine.call('enqueueTasks', { tasks });
        for (let step = 0; engine.launcher.launches.length < 200 || open.size > 0; step += 1) {
          if (open.size === 0) {
            await engine.store.write(() => null);
            await new Promise((resolve) => setImmediate(resolve));
          }
          if (step > 4_000) throw new Error(`only ${engine.launcher.launches.length} launches came`);
          const launch = [...open][(picks[step % picks.length] ?? 0) % Math.max(1, open.size)];
          if (launch === undefined) continue;
          open.delete(launch);
          launch[ends[step % ends.length] ?? 'complete']();
        }
        await engine.settle();
        expect(over).toEqual([]);
        const counts = (await engine.call('getStatus', {})).tasks;
        expect(counts.completed + counts.dead + counts.failed).toBe(200);
        expect(engine.store.reads.leases()).toEqual([]);
        await engine.close();
      }),
      { numRuns: 3 },
    );
  }, 30_000);
});

describe('what can be claimed at one moment', () => {
  const work = { agent: { type: 'worker' }, work: { kind: 'prompt' as const, prompt: 'do it', config: {} } };
  const many = (count: number, change: object = {}) => Array.from({ length: count }, () => ({ ...work, ...change }));

  it('is claimed to the last slot, also when it is more than one pass takes', async () => {
    const engine = await openEngine({ agents: [agentDefinition({ slots: 100 })], settings: { slots: { total: 100 } } });
    await engine.call('enqueueTasks', { tasks: many(101) });
    await engine.settle();
    expect(engine.launcher.launches).toHaveLength(100);
  });

  it('R61 includes every task whose delay ended, also when a thousand end together', async () => {
    const engine = await openEngine({ agents: [agentDefinition({ slots: 9 })] });
    await engine.call('enqueueTasks', { tasks: many(1_000, { delayMs: 60_000 }) });
    await engine.call('enqueueTasks', { tasks: many(1, { delayMs: 60_000 }) });
    await engine.pass(60_000);
    expect(engine.store.reads.nextDelayedAt()).toBeNull();
    expect(engine.launcher.launches).toHaveLength(9);
  });

  it('R08 is ordered across kinds of agents too: by priority, then by position', async () => {
    const agents = [agentDefinition(), agentDefinition({ id: 'other', type: 'other' })];
    const engine = await openEngine({ agents, settings: { slots: { total: 1 } } });
    const other = { agent: { type: 'other' } };
    await engine.call('freeze', { reason: 'to queue in peace' });
    const tasks = [
      { ...work, title: 'first' },
      { ...work, ...other, title: 'second' },
      { ...work, ...other, title: 'third' },
      { ...work, title: 'fourth' },
      { ...work, ...other, title: 'urgent', priority: 'high' as const },
    ];
    await engine.call('enqueueTasks', { tasks });
    await engine.call('thaw', { reason: 'queued' });
    for (let done = 0; done < tasks.length; done += 1) (await engine.launch(done)).complete();
    const titles = engine.launcher.launches.map((launch) => launch.request.task.spec.title);
    expect(titles).toEqual(['urgent', 'first', 'second', 'third', 'fourth']);
  });

  it('is looked for at the earlier of two times: the end of a delay, and the restart of an agent', async () => {
    const settings = { restart: { maxCrashes: 5, delayMs: 10_000, maxDelayMs: 10_000 } };
    const agents = [agentDefinition(), agentDefinition({ id: 'other', type: 'other' })];
    const engine = await openEngine({ agents, settings });
    engine.launcher.agents.starting(agentDefinition().id);
    engine.launcher.agents.ended(agentDefinition().id, null, false, 'no handshake');
    await engine.settle();
    const tasks = [work, { ...work, agent: { type: 'other' }, delayMs: 5_000 }];
    await engine.call('enqueueTasks', { tasks });
    await engine.settle();
    const types = () => engine.launcher.launches.map((launch) => launch.request.agent.type);
    expect(types()).toEqual([]);
    await engine.pass(5_000);
    expect(types()).toEqual(['other']);
    await engine.pass(5_000);
    expect(types()).toEqual(['other', 'worker']);
  });
});

describe('R16 progress', () => {
  it('is the same in the row and in the list after every stage', async () => {
    const names = ['a', 'b', 'c'];
    const stages = names.map((name, index) => stageSpec(name, { needs: names.slice(Math.max(0, index - 1), index) }));
    const engine = await openEngine({ workflows: [sample(...stages)] });
    const { id: runId } = await engine.call('startRun', { workflow: 'sample', inputs: {} });
    for (const done of [1, 2, 3]) {
      (await engine.launch(done - 1)).complete();
      await engine.settle();
      const progress = Math.round((100 * done) / 3);
      expect((await engine.call('getRun', { runId })).progress).toBe(progress);
      expect((await engine.call('listRuns', {})).runs[0]?.progress).toBe(progress);
    }
    expect((await engine.call('runDoctor', {})).findings.every(({ status }) => status === 'ok')).toBe(true);
  });
});
