import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { menuLabel, plainLine } from '../../../src-main/shell/tray/plain-label.ts';
import { hasDarkPanel, trayImage } from '../../../src-main/shell/tray/tray-images.ts';
import type { TrayState } from '../../../src-main/shell/tray/tray-state.ts';
import { countsLine, toolTipOf, trayStateOf } from '../../../src-main/shell/tray/tray-state.ts';
import { desktopView, engineStatus } from './views.ts';

const asking = { approvals: 1, permissions: 2 };
const busy = { slots: { used: 2, total: 16 } };

describe('what the icon shows', () => {
  test('is a question before a failure, a failure before live work, and live work before nothing', () => {
    const states = [
      desktopView({ status: engineStatus({ ...busy, questions: asking }), failed: 1 }),
      desktopView({ status: engineStatus(busy), failed: 1 }),
      desktopView({ status: engineStatus(busy) }),
      desktopView({ status: engineStatus({ runs: { ...engineStatus().runs, running: 1 } }) }),
      desktopView(),
      desktopView({ status: null }),
    ].map(trayStateOf);
    expect(states).toEqual(['needs-you', 'failed', 'running', 'running', 'idle', 'idle']);
  });

  test('is a failure when no engine answers, and the words say which', () => {
    const lost = desktopView({ isLost: true, status: engineStatus({ questions: asking }) });
    expect([trayStateOf(lost), countsLine(lost)]).toEqual(['failed', 'No engine answers; one is looked for']);
    expect(countsLine(desktopView({ status: null }))).toBe('Starting');
  });

  test('is counted in the tool tip', () => {
    const frozen = { at: 0, reason: 'lunch' };
    const view = desktopView({ status: engineStatus({ ...busy, frozen, questions: asking }), failed: 4 });
    expect(toolTipOf(view)).toBe('Signalbox: Frozen, 2 running, 0 queued, 3 waiting for you, 4 failed');
  });

  test('has a picture for every system, state and panel', () => {
    const folder = join(import.meta.dirname, '../../../resources/tray');
    const states: TrayState[] = ['idle', 'running', 'needs-you', 'failed'];
    for (const state of states) {
      for (const platform of ['linux', 'win32', 'darwin'] as const) {
        for (const isDark of [true, false]) {
          expect(existsSync(trayImage(folder, state, { platform, isDark })), `${state} ${platform}`).toBe(true);
        }
      }
    }
    expect(trayImage('/f', 'idle', { platform: 'darwin', isDark: true })).toBe(join('/f', 'idleTemplate.png'));
    expect([hasDarkPanel('ubuntu:GNOME'), hasDarkPanel('KDE'), hasDarkPanel(undefined)]).toEqual([true, false, false]);
  });
});

describe('texts of others in the tray', () => {
  test('are on one line, without what draws over other text, and cut', () => {
    expect(plainLine('a\nb\tc\u202e d\x1b[31mred\x1b[0m', 60)).toBe('a b c dred');
    expect(plainLine('one two three', 8)).toBe('one two…');
    expect(plainLine('👍👍👍', 2)).toBe('👍…');
    expect(menuLabel('a & b_c')).toBe('a && b_c');
  });

  test('are never longer than asked for, and never hold a control character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'a & \n\t\x1b[31m]\u202e\u2028\u200f👍é\x7f') }),
        fc.integer({ min: 2, max: 80 }),
        (text, length) => {
          const line = plainLine(text, length);
          expect([...line].length).toBeLessThanOrEqual(length);
          expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        },
      ),
    );
  });
});
