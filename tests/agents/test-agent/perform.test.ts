import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { chooseBehaviour } from '../../../src-main/agents/test-agent/behaviour.ts';
import type { Channel } from '../../../src-main/agents/test-agent/channel.ts';
import { perform } from '../../../src-main/agents/test-agent/perform.ts';
import { writeFully } from '../../../src-main/agents/test-agent/write-fully.ts';

const politeSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
let told: string[];

/** Notes what a mode tells, in order. */
function notingChannel(): Channel {
  const note = (text: string) => async () => void told.push(text);
  return {
    signal: new AbortController().signal,
    say: note('say'),
    begin: note('begin'),
    finish: note('finish'),
    raw: note('raw'),
    answerHalf: note('half'),
    answerForeign: note('foreign'),
    answerTwice: () => void told.push('twice'),
    ask: async ({ title }) => title,
  };
}

function performHere(config: Record<string, unknown>) {
  return perform(chooseBehaviour({}, config, 1), notingChannel());
}

beforeEach(() => {
  told = [];
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a mode that ends the process', () => {
  test('partial answers by half first', async () => {
    await expect(performHere({ mode: 'partial', exitCode: 5 })).rejects.toThrow('exit 5');
    expect(told).toEqual(['begin', 'half']);
  });

  test('crash exits, or sends itself a signal', async () => {
    await expect(performHere({ mode: 'crash', exitCode: 6 })).rejects.toThrow('exit 6');
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    await expect(performHere({ mode: 'crash', signal: 'SIGSEGV' })).rejects.toThrow('exit 1');
    expect(kill).toHaveBeenCalledWith(process.pid, 'SIGSEGV');
  });

  test('hang holds the event loop, ignores polite signals, and ends after its bound', async () => {
    const before = politeSignals.map((signal) => process.listeners(signal));
    const startedAt = performance.now();
    await expect(performHere({ mode: 'hang', forMs: 50 })).rejects.toThrow('exit 1');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(49);
    for (const [index, signal] of politeSignals.entries()) {
      expect(process.listenerCount(signal)).toBe(1);
      process.removeAllListeners(signal);
      for (const listener of before[index] ?? []) {
        process.on(signal, listener);
      }
    }
  });

  test('a lie may be an exit with 0 and no result', async () => {
    await expect(performHere({ mode: 'lie', how: 'exit-without-result' })).rejects.toThrow('exit 0');
    expect(told).toEqual(['begin']);
  });
});

test('fork gives the ids of its descendants', async () => {
  expect(await performHere({ mode: 'fork', count: 0 })).toEqual({ pids: [] });
  expect(told).toEqual(['begin', 'finish']);
});

test('a write waits for a reader that does not keep up', async () => {
  const slow = new PassThrough({ highWaterMark: 4 });
  let written = false;
  const writing = writeFully(slow, 'more than four bytes').then(() => {
    written = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toBe(false);
  slow.resume();
  await writing;
  expect(written).toBe(true);
});
