import { describe, expect, it, onTestFinished } from 'vitest';
import { refuse } from '../../../src-main/contract/errors.ts';
import { ok } from '../../../src-main/contract/result.ts';
import type { FollowListener } from '../../../src-renderer/api/link.ts';
import type { LogModelDependencies } from '../../../src-renderer/features/logs/log-model.ts';
import { LogModel, rowPx } from '../../../src-renderer/features/logs/log-model.ts';
import { fakeLogs, numberedLines } from './fake-log.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

function open(
  logs: Record<string, string[]>,
  options: { live?: boolean; change?: Partial<LogModelDependencies> } = {},
) {
  const { read, questions } = fakeLogs(logs);
  const frames: (() => void)[] = [];
  const followed = new Map<string, FollowListener>();
  const model = new LogModel({
    read: async (...question) => {
      const answer = await read(...question);
      return answer.ok ? ok({ ...answer.value, complete: options.live !== true }) : answer;
    },
    search: (attemptId) => Promise.resolve(ok({ lines: attemptId === 'a' ? [3, 90] : [5], total: 2, totalLines: 0 })),
    follow: (attemptId, listener) => {
      followed.set(attemptId, listener);
      return () => followed.delete(attemptId);
    },
    onFrame: (callback) => {
      frames.push(callback);
      return () => frames.splice(0);
    },
    ...options.change,
  });
  let told = 0;
  model.subscribe(() => {
    told += 1;
  });
  model.setSources(Object.keys(logs).map((attemptId) => ({ attemptId, title: attemptId })));
  model.resize(10 * rowPx);
  onTestFinished(model.start());
  const draw = () => {
    for (const frame of frames.splice(0)) frame();
  };
  const grow = (attemptId: string, totalLines: number, complete = false) =>
    followed.get(attemptId)?.deliver({ topic: 'log', attemptId, totalLines, complete } as never);
  return { model, questions, followed, draw, grow, told: () => told };
}

describe('A log view', () => {
  it('opens a finished log at its beginning with one question', async () => {
    const { model, questions } = open({ a: numberedLines(100_000) });
    await settle();
    expect(model.top).toBe(0);
    expect(model.isFollowing).toBe(false);
    expect(model.newRows).toBe(0);
    expect(model.line({ source: 0, line: 1 })?.text).toBe('line 1');
    expect(questions).toHaveLength(1);
    expect(model.sources[0]).toMatchObject({ totalLines: 100_000, isComplete: true, path: '/logs/a.log' });
  });

  it('opens a live log at its end, and stays there while it grows', async () => {
    const lines = numberedLines(1_000);
    const { model, grow, draw, told } = open({ a: lines }, { live: true });
    await settle();
    draw();
    expect(model.top).toBe(990 * rowPx);
    lines.push(...numberedLines(50));
    const before = told();
    void grow('a', 1_050);
    await settle();
    // The lines are here before the end moves.
    expect(told()).toBe(before);
    draw();
    expect(model.top).toBe(1_040 * rowPx);
    expect(model.line({ source: 0, line: 1_050 })?.text).toBe('line 50');
    expect(told() - before).toBe(1);
  });

  it('takes the next message only after the last one was drawn', async () => {
    const { grow, draw } = open({ a: numberedLines(10) }, { live: true });
    await settle();
    let isTaken = false;
    void Promise.resolve(grow('a', 11)).then(() => {
      isTaken = true;
    });
    await settle();
    expect(isTaken).toBe(false);
    draw();
    await settle();
    expect(isTaken).toBe(true);
  });

  it('stays where a person moved to, counts what is new, and goes back to the end', async () => {
    const { model, grow } = open({ a: numberedLines(1_000) }, { live: true });
    await settle();
    model.moveBy(-5 * rowPx);
    expect(model.isFollowing).toBe(false);
    void grow('a', 1_123);
    await settle();
    expect(model.top).toBe(985 * rowPx);
    expect(model.newRows).toBe(123);
    model.follow(true);
    expect(model.isAtEnd).toBe(true);
    expect(model.newRows).toBe(0);
    model.moveBy(-rowPx);
    model.moveBy(rowPx);
    expect(model.isFollowing).toBe(true);
    void grow('a', 1_200, true);
    await settle();
    expect(model.isLive).toBe(false);
  });

  it('stays at the same line when a log above it grows', async () => {
    const { model, grow } = open({ a: numberedLines(50), b: numberedLines(50) }, { live: true });
    await settle();
    model.moveTo(model.rowOf({ source: 1, line: 20 }) * rowPx);
    void grow('a', 80);
    await settle();
    expect(model.place(Math.floor(model.top / rowPx))).toEqual({ source: 1, line: 20 });
    expect(model.rows).toBe(132);
  });

  it('draws only what fits, and asks only for that', async () => {
    const { model, questions } = open({ a: numberedLines(1_000_000) });
    await settle();
    model.moveTo(500_000 * rowPx);
    await settle();
    expect(model.window).toEqual({ from: 499_996, to: 500_015 });
    expect(questions).toHaveLength(2);
    expect(model.line({ source: 0, line: 500_001 })?.text).toBe('line 500001');
  });

  it('goes from match to match, and to lines', async () => {
    const { model } = open({ a: numberedLines(100), b: numberedLines(10) });
    await settle();
    expect(model.goToMatch('next')).toBe(false);
    await model.search.start({ kind: 'error' });
    const visited = (['next', 'next', 'next', 'previous', 'first'] as const).map((direction) => {
      model.goToMatch(direction);
      return model.current;
    });
    expect(visited).toEqual([
      { source: 0, line: 3 },
      { source: 0, line: 90 },
      { source: 1, line: 5 },
      { source: 0, line: 90 },
      { source: 0, line: 3 },
    ]);
    model.goTo({ source: 0, line: 1_000 });
    expect(model.current).toEqual({ source: 0, line: 100 });
    model.clearCurrent();
    expect(model.current).toBeNull();
  });

  it('moves over wrapped lines by their heights, and knows the end from what was drawn', async () => {
    const { model } = open({ a: numberedLines(100) });
    await settle();
    model.setHeights(new Map([[0, 40]]));
    model.moveBy(20);
    expect(model.top).toBe(rowPx / 2);
    model.drawn(model.top, false);
    model.drawn(90 * rowPx, true);
    expect(model.isFollowing).toBe(true);
    model.moveBy(-rowPx);
    expect(model.top).toBe(89 * rowPx);
    expect(model.isFollowing).toBe(false);
    model.setHeights(null);
    expect(model.scale.maxTop).toBe(90 * rowPx);
  });

  it('follows only logs that it shows, and asks again when one has ended meanwhile', async () => {
    const { model, followed, questions } = open({ a: numberedLines(3), b: numberedLines(3) }, { live: true });
    await settle();
    expect([...followed.keys()]).toEqual(['a', 'b']);
    model.setSources([{ attemptId: 'b', title: 'b', complete: true }]);
    await settle();
    expect([...followed.keys()]).toEqual(['b']);
    expect(questions.filter(({ attemptId }) => attemptId === 'b')).toHaveLength(2);
  });

  it('says why lines are missing, until it can read again', async () => {
    let isDown = true;
    const { read } = fakeLogs({ a: numberedLines(3) });
    const refused = refuse('unavailable', 'No connection.', 'Wait.');
    const { model } = open({ a: [] }, { change: { read: (...q) => (isDown ? Promise.resolve(refused) : read(...q)) } });
    await settle();
    expect(model.error).toEqual(refused.error);
    isDown = false;
    model.refresh();
    await settle();
    expect(model.error).toBeNull();
    expect(model.rows).toBe(3);
  });
});
