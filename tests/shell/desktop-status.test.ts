import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Noun } from '../../src-main/contract/nouns.ts';
import { nouns } from '../../src-main/contract/nouns.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import type { EngineState } from '../../src-main/reach/steady-engine.ts';
import { openDesktopMemory } from '../../src-main/shell/desktop-memory.ts';
import type { EngineStatus } from '../../src-main/shell/desktop-status.ts';
import { followDesktopStatus } from '../../src-main/shell/desktop-status.ts';
import type { FeedListener } from '../../src-main/transport/feed.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { engineStatus } from './tray/views.ts';

const settings = settingsSchema.parse({});
const settle = () => new Promise((resolve) => setImmediate(resolve));
const gone: ApiError = { type: 'unavailable', message: 'gone', remedy: 'wait' };

/** An engine whose answers a test gives, and which it may take away. */
function openEngine() {
  const clock = new ManualClock();
  const calls: string[] = [];
  const listeners: FeedListener[] = [];
  let state: EngineState = { role: 'host', pid: 1 };
  let tellState = (_state: EngineState) => {};
  const answers = {
    status: engineStatus() as EngineStatus | null,
    failedRuns: 0,
    failedTasks: [] as { runId: string | null; endedAt: number }[],
    lookedAt: clock.now() as number | null,
  };
  function answer(name: string): unknown {
    switch (name) {
      case 'getStatus':
        return answers.status;
      case 'getSettings':
        return { settings };
      case 'listApprovals':
        return { approvals: [{ id: 'apr_1', stage: 'ask', question: 'Go on?', requestedAt: 2 }] };
      case 'listPermissions':
        return { permissions: [{ id: 'per_1', agentId: 'claude', title: 'Edit', requestedAt: 1 }] };
      case 'listTasks':
        return { tasks: answers.failedTasks };
      default:
        return { runs: [], total: answers.failedRuns };
    }
  }
  const status = followDesktopStatus({
    engine: {
      served: {
        async call(name) {
          calls.push(name);
          const value = answer(name);
          return value === null ? { ok: false, error: gone } : { ok: true, value };
        },
        follow(_subscription, listener) {
          listeners.push(listener);
          return { ok: true, value: { stop: () => {} } };
        },
      },
      state: () => state,
      onState(listener) {
        tellState = listener;
        return () => {};
      },
    },
    after: (ms, callback) => clock.after(ms, callback),
    lookedAt: () => answers.lookedAt,
  });
  /** @returns whether there is room for the next message. */
  async function change(changed: readonly Noun[] = nouns): Promise<() => boolean> {
    let isDone = false;
    const taken = listeners.at(-1)?.deliver({ topic: 'changes', lastSeq: 1, nouns: [...changed], runIds: null });
    void Promise.resolve(taken).then(() => {
      isDone = true;
    });
    await settle();
    return () => isDone;
  }
  return {
    clock,
    calls,
    listeners,
    status,
    answers,
    change,
    setState(role: EngineState['role']) {
      state = role === 'lost' ? { role, pid: null } : { role, pid: 1 };
      tellState(state);
    },
  };
}

describe('what the desktop knows of the engine', () => {
  test('is asked for once at every change, and no more than there is to know', async () => {
    const { status, calls, change, clock } = openEngine();
    const told: unknown[] = [];
    status.onSettings((known) => told.push(known));
    const hasRoom = await change();
    expect([calls, told]).toEqual([['getSettings', 'getStatus'], [settings]]);
    // The next change is only taken a second later; until then nothing is asked.
    await clock.advance(900);
    expect(hasRoom()).toBe(false);
    await clock.advance(100);
    await settle();
    expect([hasRoom(), clock.timers]).toEqual([true, 0]);
    await change(['run']);
    expect(calls.slice(2)).toEqual(['getStatus']);
  });

  test('names live runs and questions, the one that waits longest first', async () => {
    const { status, answers, calls, change } = openEngine();
    const runs = { ...engineStatus().runs, waiting: 1 };
    answers.status = engineStatus({ runs, questions: { approvals: 1, permissions: 1 } });
    await change();
    expect(status.view().questions.map(({ asker, text }) => `${asker} ${text}`)).toEqual(['claude Edit', 'ask Go on?']);
    expect(calls).toContain('listRuns');
    await change(['agent']);
    expect(calls.slice(-1)).toEqual(['getStatus']);
    expect(status.view().questions).toHaveLength(2);
  });

  test('counts what failed since the person looked: runs, and tasks of their own', async () => {
    const { status, answers, calls, change, clock } = openEngine();
    const since = clock.now();
    const { runs, tasks } = engineStatus();
    answers.status = engineStatus({ runs: { ...runs, failed: 2 }, tasks: { ...tasks, dead: 4 } });
    answers.failedRuns = 1;
    answers.failedTasks = [
      { runId: null, endedAt: since + 1 },
      { runId: 'run_1', endedAt: since + 1 },
      { runId: null, endedAt: since - 1 },
    ];
    await change();
    expect(status.view().failed).toBe(2);
    // Nothing more has failed: it is not counted again.
    const asked = calls.length;
    await change(['agent']);
    expect(calls.slice(asked)).toEqual(['getStatus']);
    status.looked();
    expect(status.view().failed).toBe(0);
    answers.lookedAt = null;
    await change();
    expect(status.view().failed).toBe(0);
  });

  test('survives the loss of the engine, and is asked for again when there is one', async () => {
    const { status, answers, listeners, change, setState } = openEngine();
    answers.status = engineStatus({ slots: { used: 1, total: 2 } });
    await change();
    setState('lost');
    listeners.at(-1)?.ended(gone);
    expect(status.view()).toMatchObject({ isLost: true, status: { slots: { used: 1 } } });
    answers.status = null;
    setState('host');
    expect(listeners).toHaveLength(2);
    await change();
    // It did not answer yet; what was known stays.
    expect(status.view()).toMatchObject({ isLost: false, status: { slots: { used: 1 } } });
    answers.status = engineStatus();
    await change();
    expect(status.view().status?.slots.used).toBe(0);
  });

  test('is followed again when the feed ends by itself, and never after the end', async () => {
    const { status, listeners, clock } = openEngine();
    listeners[0]?.ended(gone);
    await clock.advance(5_000);
    expect(listeners).toHaveLength(2);
    listeners[1]?.ended(gone);
    status.stop();
    await clock.advance(60_000);
    expect([listeners.length, clock.timers]).toEqual([2, 0]);
  });
});

describe('what the desktop remembers', () => {
  test('is there at the next start', () => {
    const path = join(temporaryFolder(), 'memory.json');
    const first = openDesktopMemory(path, 5);
    expect(first.read()).toEqual({ lookedAt: 5, isClosingExplained: false });
    first.write({ lookedAt: 7 });
    first.write({ isClosingExplained: true });
    expect(openDesktopMemory(path, 9).read()).toEqual({ lookedAt: 7, isClosingExplained: true });
  });

  test('begins anew after a file that says nothing, and goes on without a disk', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'memory.json');
    for (const text of ['', '[]', 'null', '{"lookedAt":"now","isClosingExplained":true}']) {
      writeFileSync(path, text);
      expect(openDesktopMemory(path, 5).read().lookedAt).toBe(5);
    }
    const nowhere = openDesktopMemory(join(folder, 'none', 'memory.json'), 5);
    nowhere.write({ lookedAt: 6 });
    expect(nowhere.read().lookedAt).toBe(6);
  });
});
