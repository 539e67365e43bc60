import { describe, expect, test } from 'vitest';
import type { Health } from '../../../src-main/contract/api-engine.ts';
import type { HealthSignals } from '../../../src-main/core/health.ts';
import { judgeHealth } from '../../../src-main/core/health.ts';
import { lastingMs, overMs, TroubleWatch } from '../../../src-main/shell/notices/trouble-watch.ts';
import { ids } from './desk.ts';

const well: HealthSignals = {
  frozen: null,
  agents: [],
  breakers: [],
  stuck: [],
  slots: { used: 0, total: 4 },
  longestWaitMs: null,
  deadTasks: 0,
  storeTrouble: null,
  partsInTrouble: [],
  freeBytes: null,
  dataFolder: '/data',
  lateMs: null,
  now: 1_000_000,
};

const mebibyte = 1024 * 1024;
const scarce = (mebibytes: number) => judgeHealth({ ...well, freeBytes: mebibytes * mebibyte });
const healthy = judgeHealth(well);

/** Looks every half minute, and remembers what was told as notices do. */
function watching(isOfOurs: (message: string) => boolean = () => false) {
  const watch = new TroubleWatch(isOfOurs);
  const told = new Set<string>();
  const titles: string[] = [];
  let now = 0;
  return {
    titles,
    told,
    look(health: Health, ms = 30_000) {
      now += ms;
      const { news, over } = watch.look(health, [...told], now);
      for (const key of over) told.delete(key);
      for (const one of news) {
        if (!told.has(one.key)) titles.push(`${one.title}: ${one.body}`);
        told.add(one.key);
      }
    },
  };
}

describe('R66 trouble of the engine', () => {
  test('is told when it lasts, once, with what to do', () => {
    const { look, titles } = watching();
    look(scarce(500));
    look(scarce(499));
    expect(titles).toEqual([]);
    look(scarce(480));
    for (let minutes = 0; minutes < 60; minutes += 1) look(scarce(400 - minutes), lastingMs);
    expect(titles).toHaveLength(1);
    expect(titles[0]).toContain('Signalbox is degraded: The disk that holds /data has 480 MiB left. Free some space');
  });

  test('that stops work is told at once', () => {
    const { look, titles } = watching();
    look(scarce(5));
    expect(titles).toHaveLength(1);
    expect(titles[0]).toContain('Signalbox is unhealthy');
  });

  test('that comes and goes is told once, and again when it was over for a while', () => {
    const { look, titles } = watching();
    for (let times = 0; times < 20; times += 1) {
      look(scarce(5));
      look(healthy);
    }
    expect(titles).toHaveLength(1);
    look(healthy, overMs);
    look(scarce(5));
    expect(titles).toHaveLength(2);
  });

  test('that is gone before it lasted begins anew', () => {
    const { look, titles } = watching();
    for (let times = 0; times < 20; times += 1) {
      look(scarce(500));
      look(healthy);
      look(healthy);
    }
    expect(titles).toEqual([]);
  });

  test('that an earlier start has told is over when it is not seen any more', () => {
    const before = watching();
    before.look(scarce(5));
    const { look, told, titles } = watching();
    for (const key of before.told) told.add(key);
    look(scarce(5));
    expect(titles).toEqual([]);
    look(healthy);
    look(healthy, overMs);
    expect([...told]).toEqual([]);
  });

  test('is not told when an event tells it, when a person made it, or when it is of the desktop itself', () => {
    const { look, titles } = watching((message) => message === 'No tray here.');
    const health = judgeHealth({
      ...well,
      frozen: 'lunch',
      deadTasks: 1,
      stuck: [{ taskId: ids.taskId(), agentId: 'worker' as never, since: 0, evidence: 'silent' }],
      partsInTrouble: [{ message: 'No tray here.', remedy: 'Install one.' }],
    });
    expect(health.reasons).toHaveLength(4);
    for (let times = 0; times < 10; times += 1) look(health);
    look(judgeHealth({ ...well, deadTasks: 2 }), lastingMs);
    expect(titles).toEqual([]);
  });
});
