import { describe, expect, it } from 'vitest';
import type { Subscription, SubscriptionMessage } from '../../src-main/contract/api.ts';
import type { Engine } from '../support/engine.ts';
import { openEngine } from '../support/engine.ts';

const work = { agent: { type: 'worker' }, work: { kind: 'prompt' as const, prompt: 'do it', config: {} } };

async function enqueue(engine: Engine, count: number) {
  const { taskIds } = await engine.call('enqueueTasks', { tasks: Array.from({ length: count }, () => work) });
  return taskIds;
}

function follow(engine: Engine, filter: Partial<Extract<Subscription, { topic: 'events' }>> = {}) {
  const seqs: number[] = [];
  const deliver = (message: SubscriptionMessage) => {
    if (message.topic === 'events') seqs.push(...message.events.map((event) => event.seq));
  };
  const stop = engine.orchestrator.subscribe({ topic: 'events', afterSeq: 0, ...filter }, deliver);
  return { seqs, stop };
}

const counted = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('R45 a subscriber to events', () => {
  it('gets every event after the number it names, once and in order, old ones and new ones', async () => {
    const engine = await openEngine();
    await engine.call('freeze', { reason: 'to count' });
    await enqueue(engine, 3);
    const all = follow(engine);
    const late = follow(engine, { afterSeq: 4 });
    await enqueue(engine, 2);
    await engine.pass(0);
    await enqueue(engine, 2);
    await engine.pass(0);
    const last = engine.store.reads.lastSeq();
    expect(all.seqs).toEqual(counted(1, last));
    expect(late.seqs).toEqual(counted(5, last));
  });

  it('is served a long history in pages, one per turn, and what happens meanwhile after it', async () => {
    const engine = await openEngine();
    await engine.call('freeze', { reason: 'to count' });
    await enqueue(engine, 650);
    await enqueue(engine, 650);
    const { seqs } = follow(engine);
    engine.clock.advance(0);
    await enqueue(engine, 5);
    for (let page = 0; page < 4; page += 1) await engine.pass(0);
    expect(seqs).toEqual(counted(1, engine.store.reads.lastSeq()));
  });

  it('gets only what it asked for', async () => {
    const engine = await openEngine();
    await engine.call('freeze', { reason: 'to count' });
    const taskIds = await enqueue(engine, 3);
    const taskId = taskIds[1];
    if (taskId === undefined) throw new Error('nothing was queued');
    const { seqs } = follow(engine, { taskId });
    await engine.pass(0);
    await engine.call('cancelTask', { taskId, reason: 'enough' });
    await enqueue(engine, 1);
    await engine.pass(0);
    const kinds = engine
      .allEvents()
      .filter((event) => seqs.includes(event.seq))
      .map((event) => event.kind);
    expect(kinds).toEqual(['task.created', 'task.cancelled']);
  });

  it('gets nothing more once it stopped, or once it failed', async () => {
    const engine = await openEngine();
    await engine.call('freeze', { reason: 'to count' });
    const stopped = follow(engine);
    await engine.pass(0);
    const seen = stopped.seqs.length;
    stopped.stop();
    let calls = 0;
    engine.orchestrator.subscribe({ topic: 'events', afterSeq: 0 }, () => {
      calls += 1;
      throw new Error('the window is gone');
    });
    await engine.pass(0);
    await enqueue(engine, 1);
    await engine.pass(0);
    expect([stopped.seqs.length, calls]).toEqual([seen, 1]);
    expect(engine.log.problems).toMatchObject([{ level: 'error', message: 'A subscriber failed and was dropped.' }]);
  });

  it('that stops before its first page gets nothing', async () => {
    const engine = await openEngine();
    const { seqs, stop } = follow(engine);
    stop();
    await engine.pass(0);
    expect(seqs).toEqual([]);
  });
});
