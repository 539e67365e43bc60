import { afterEach, expect, test, vi } from 'vitest';
import type { Heartbeat } from '../../../src-main/agents/builtin/heartbeat.ts';
import { heartbeatInterval, startHeartbeat } from '../../../src-main/agents/builtin/heartbeat.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('R26: a beat comes every 10 seconds unless the environment says otherwise', () => {
  expect(heartbeatInterval({})).toBe(10_000);
  expect(heartbeatInterval({ SIGNALBOX_HEARTBEAT_MS: '250' })).toBe(250);
  for (const wrong of ['0', '-5', 'often', 'Infinity']) {
    expect(heartbeatInterval({ SIGNALBOX_HEARTBEAT_MS: wrong })).toBe(10_000);
  }
});

test('a beat tells when it was sent and whether there is work, until it is stopped', () => {
  vi.useFakeTimers({ now: 1_000 });
  const beats: Heartbeat[] = [];
  let busy = false;
  const stop = startHeartbeat(
    100,
    () => busy,
    (beat) => beats.push(beat),
  );
  vi.advanceTimersByTime(100);
  busy = true;
  vi.advanceTimersByTime(100);
  stop();
  vi.advanceTimersByTime(1_000);
  expect(beats).toEqual([
    { at: 1_100, busy: false },
    { at: 1_200, busy: true },
  ]);
});
