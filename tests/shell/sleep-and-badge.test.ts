import { describe, expect, test } from 'vitest';
import { createBadge } from '../../src-main/shell/badge.ts';
import type { PartTrouble } from '../../src-main/shell/part-reports.ts';
import { createSleepGuard } from '../../src-main/shell/sleep-guard.ts';

describe('sleep', () => {
  test('is held off once while it is wanted, and let go afterwards', () => {
    const on = new Set<number>();
    const kinds: string[] = [];
    const guard = createSleepGuard({
      blocker: {
        start(kind) {
          kinds.push(kind);
          on.add(kinds.length);
          return kinds.length;
        },
        stop: (id) => on.delete(id),
        isStarted: (id) => on.has(id),
      },
      report: (trouble) => expect(trouble).toBeNull(),
    });
    guard.keepAwake(false);
    guard.keepAwake(true);
    guard.keepAwake(true);
    expect([kinds, on.size]).toEqual([['prevent-app-suspension'], 1]);
    guard.keepAwake(false);
    expect(on.size).toBe(0);
  });

  test('that a system does not hold off is reported with its reason', () => {
    const reports: PartTrouble[] = [];
    const refuses = createSleepGuard({
      blocker: {
        start: () => {
          throw new Error('no service');
        },
        stop: () => false,
        isStarted: () => false,
      },
      report: (trouble) => reports.push(trouble),
    });
    refuses.keepAwake(true);
    const silent = createSleepGuard({
      blocker: { start: () => 1, stop: () => false, isStarted: () => false },
      report: (trouble) => reports.push(trouble),
    });
    silent.keepAwake(true);
    expect(reports.map((trouble) => trouble?.message)).toEqual([
      expect.stringContaining('no service'),
      expect.stringContaining('it gives no reason'),
    ]);
  });
});

describe('the badge', () => {
  function open(platform: NodeJS.Platform) {
    const counts: number[] = [];
    const marks: (string | null)[] = [];
    const window = {
      setOverlayIcon: (overlay: unknown, text: string) => void marks.push(overlay === null ? null : text),
    };
    const badge = createBadge({
      platform,
      app: { setBadgeCount: (count = 0) => counts.push(count) > 0 },
      windows: () => [window],
      overlay: () => ({}) as never,
    });
    return { badge, counts, marks, window };
  }

  test('is a number on macOS and Linux, set when it changes', () => {
    const { badge, counts, marks, window } = open('linux');
    for (const count of [0, 2, 2, 0]) badge.show(count);
    badge.showOn(window);
    expect([counts, marks]).toEqual([[2, 0], []]);
  });

  test('is a sign with words on every window of Windows', () => {
    const { badge, counts, marks, window } = open('win32');
    badge.showOn(window);
    badge.show(1);
    badge.showOn(window);
    badge.show(3);
    badge.show(0);
    expect(counts).toEqual([]);
    const one = 'One question waits for you';
    expect(marks).toEqual([one, one, '3 questions wait for you', null]);
  });
});
