import { describe, expect, test } from 'vitest';
import type { CloseOptions } from '../../src-main/open-orchestrator.ts';
import type { LiveWork, QuitChoice } from '../../src-main/shell/quitting.ts';
import { createQuitting } from '../../src-main/shell/quitting.ts';

const busy: LiveWork = { runs: 1, attempts: 2 };

/** An application that is quit, with a person whose answers a test gives. */
function openApplication(work: LiveWork | null) {
  const seen = { asked: 0, cancelled: 0, exits: 0, closes: [] as CloseOptions[] };
  let answer: (choice: QuitChoice) => void = () => {};
  let endEngine = () => {};
  const ended = new Promise<void>((resolve) => {
    endEngine = resolve;
  });
  const quitting = createQuitting({
    findLiveWork: async () => work,
    ask: () => {
      seen.asked += 1;
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    cancelWork: async () => {
      seen.cancelled += 1;
    },
    closeEngine: (options) => {
      seen.closes.push(options);
      return ended;
    },
    exit: () => {
      seen.exits += 1;
    },
  });
  return { quitting, seen, answer: (choice: QuitChoice) => answer(choice), endEngine: () => endEngine() };
}

/** Lets everything go on that waits for nothing but its turn. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('R70 quitting', () => {
  test('asks nothing without live work, and ends after the engine', async () => {
    const { quitting, seen, endEngine } = openApplication(null);
    quitting.request();
    await settle();
    expect(seen).toMatchObject({ asked: 0, exits: 0, closes: [{ mode: 'park', graceMs: 5_000 }] });
    expect(quitting.isOver()).toBe(false);
    endEngine();
    await settle();
    expect(seen.exits).toBe(1);
    expect(quitting.isOver()).toBe(true);
  });

  test('asks once when work is live, however often it is asked for', async () => {
    const { quitting, seen, answer } = openApplication(busy);
    quitting.request();
    quitting.request();
    await settle();
    quitting.request();
    await settle();
    expect(seen).toMatchObject({ asked: 1, closes: [] });
    answer('stay');
    await settle();
    expect(seen).toMatchObject({ exits: 0, closes: [] });
    quitting.request();
    await settle();
    expect(seen.asked).toBe(2);
  });

  test.each([
    ['wait', 'drain', 0],
    ['park', 'park', 0],
    ['stop', 'park', 1],
  ] as const)('%s closes the engine to %s, and cancels %i times', async (choice, mode, cancelled) => {
    const { quitting, seen, answer, endEngine } = openApplication(busy);
    quitting.request();
    await settle();
    answer(choice);
    await settle();
    expect(seen.closes.map((options) => options.mode)).toEqual([mode]);
    expect(seen.cancelled).toBe(cancelled);
    endEngine();
    await settle();
    expect(seen.exits).toBe(1);
  });

  test('asked for again while work is waited for, it waits no longer', async () => {
    const { quitting, seen, answer, endEngine } = openApplication(busy);
    quitting.request();
    await settle();
    answer('wait');
    await settle();
    quitting.request();
    expect(seen.closes.at(-1)).toEqual({ mode: 'park', graceMs: 500 });
    endEngine();
    await settle();
    expect(seen.exits).toBe(1);
  });

  test('what is done in place of exiting is done once everything has ended, and only for who asked for it', async () => {
    const { quitting, seen, answer, endEngine } = openApplication(busy);
    let restarts = 0;
    const restart = () => {
      restarts += 1;
    };
    quitting.request(restart);
    await settle();
    answer('stay');
    await settle();
    quitting.request(restart);
    await settle();
    answer('wait');
    await settle();
    expect(restarts).toBe(0);
    endEngine();
    await settle();
    expect([restarts, seen.exits]).toEqual([1, 0]);
    const other = openApplication(busy);
    other.quitting.request(restart);
    await settle();
    other.answer('stay');
    await settle();
    other.quitting.request();
    await settle();
    other.answer('park');
    other.endEngine();
    await settle();
    expect([restarts, other.seen.exits]).toEqual([1, 1]);
  });

  test('the system ends it for good, also while a restart is asked about', async () => {
    const { quitting, seen, endEngine } = openApplication(busy);
    let restarts = 0;
    quitting.request(() => {
      restarts += 1;
    });
    await settle();
    quitting.park();
    endEngine();
    await settle();
    expect([restarts, seen.exits]).toEqual([0, 1]);
  });

  test('the system parks at once, also over an open question, whose answer then counts for nothing', async () => {
    const { quitting, seen, answer, endEngine } = openApplication(busy);
    quitting.request();
    await settle();
    quitting.park();
    answer('stop');
    await settle();
    expect(seen).toMatchObject({ cancelled: 0, closes: [{ mode: 'park', graceMs: 5_000 }] });
    quitting.park();
    expect(seen.closes.at(-1)).toEqual({ mode: 'park', graceMs: 500 });
    endEngine();
    await settle();
    expect(seen.exits).toBe(1);
    quitting.park();
    quitting.request();
    expect(seen.closes).toHaveLength(2);
  });
});
