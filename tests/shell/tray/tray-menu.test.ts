import { describe, expect, test } from 'vitest';
import { settingsSchema } from '../../../src-main/contract/settings.ts';
import type { DesktopView } from '../../../src-main/shell/desktop-status.ts';
import { createTrayActs } from '../../../src-main/shell/tray/tray-acts.ts';
import type { TrayAct, TrayEntry } from '../../../src-main/shell/tray/tray-menu.ts';
import { muteEnd, trayMenu } from '../../../src-main/shell/tray/tray-menu.ts';
import { desktopView, engineStatus, runSummary } from './views.ts';

const now = new Date(2026, 0, 31, 23, 30).getTime();
const settings = settingsSchema.parse({});

function muted(mutedUntil: number | null) {
  return { ...settings, notifications: { ...settings.notifications, mutedUntil } };
}

function labels(entries: readonly TrayEntry[]): string[] {
  return entries.map((entry) => (entry.kind === 'line' ? '-' : entry.label));
}

function menuOf(view: DesktopView, known: typeof settings | null = settings): readonly TrayEntry[] {
  return trayMenu(view, known, now);
}

function actOf(entries: readonly TrayEntry[], label: string): TrayAct | null | undefined {
  const found = entries.find((entry) => entry.kind === 'entry' && entry.label === label);
  return found?.kind === 'entry' ? found.act : undefined;
}

describe('R66 the menu of the tray', () => {
  test('without work offers what always can be done', () => {
    expect(labels(menuOf(desktopView()))).toEqual([
      '0 running, 0 queued, 0 waiting for you',
      '-',
      'Freeze all',
      'Mute notifications',
      '-',
      'Open Signalbox',
      'Quit Signalbox',
    ]);
  });

  test('names what waits, what goes on and what failed, and leads to each', () => {
    const runs = { ...engineStatus().runs, running: 11, waiting: 1 };
    const live = [runSummary({ workflow: 'app' as never, state: 'running', currentStages: ['validation' as never] })];
    const paused = runSummary({ workflow: 'bugfix' as never, state: 'paused' });
    const question = { id: 'apr_1', asker: 'publish', text: 'Go on &\nship?', askedAt: 1 };
    const menu = menuOf(
      desktopView({
        status: engineStatus({ runs: { ...runs, paused: 1 }, questions: { approvals: 3, permissions: 0 } }),
        questions: [question],
        runs: [...live, paused],
        failed: 2,
      }),
    );
    expect(labels(menu).slice(2, 14)).toEqual([
      'Waiting for you',
      'publish: Go on & ship?',
      '2 more…',
      '-',
      'Live runs',
      'app: validation',
      'bugfix (paused)',
      '11 more…',
      '-',
      '2 failed since you looked',
      '-',
      'Pause all runs',
    ]);
    expect(labels(menu)).toContain('Resume all runs');
    expect(actOf(menu, 'Waiting for you')).toBeNull();
    expect(actOf(menu, 'publish: Go on & ship?')).toEqual({ kind: 'open', route: '/inbox' });
    expect(actOf(menu, 'app: validation')).toEqual({ kind: 'open', route: `/runs/${live[0]?.id}` });
    expect(actOf(menu, '2 failed since you looked')).toEqual({ kind: 'open', route: '/inbox/trouble' });
  });

  test('of a frozen engine thaws it; without an engine it only opens and quits', () => {
    const frozen = engineStatus({ frozen: { at: 0, reason: 'lunch' } });
    expect(actOf(menuOf(desktopView({ status: frozen })), 'Thaw')).toEqual({ kind: 'thaw' });
    for (const view of [desktopView({ isLost: true }), desktopView({ status: null })]) {
      expect(labels(menuOf(view)).slice(1)).toEqual(['-', 'Open Signalbox', 'Quit Signalbox']);
    }
  });

  test('mutes where something is told, and says unmute until that is over', () => {
    const off = { ...settings, notifications: { ...settings.notifications, on: false } };
    expect(labels(menuOf(desktopView(), off))).not.toContain('Mute notifications');
    expect(labels(menuOf(desktopView(), null))).not.toContain('Mute notifications');
    expect(labels(menuOf(desktopView(), muted(now + 1)))).toContain('Unmute notifications');
    expect(labels(menuOf(desktopView(), muted(now)))).toContain('Mute notifications');
    expect(muteEnd('hour', now)).toBe(now + 3_600_000);
    expect(muteEnd('tomorrow', now)).toBe(new Date(2026, 1, 1, 8).getTime());
  });
});

describe('an entry of the menu', () => {
  /** An engine that writes down what it is asked. */
  function openEngine(refuses: readonly string[] = []) {
    const calls: [string, unknown][] = [];
    const seen: string[] = [];
    const carryOut = createTrayActs({
      served: {
        async call(name, input) {
          if (name === 'getSettings') return { ok: true, value: { settings } };
          calls.push([name, input]);
          const error = { type: 'refused' as const, message: `${name}.`, remedy: 'Look.' };
          return refuses.includes(name) ? { ok: false, error } : { ok: true, value: {} };
        },
      },
      openWindow: (route) => seen.push(`open ${route}`),
      quit: () => seen.push('quit'),
      tellRefusal: ({ message }) => seen.push(message),
      now: () => now,
    });
    const act = async (what: TrayAct) => {
      carryOut(what);
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { act, calls, seen };
  }

  test('changes all runs, freezes, thaws and mutes, each with its reason', async () => {
    const { act, calls, seen } = openEngine();
    const reason = 'asked for in the tray';
    for (const kind of ['pauseAll', 'resumeAll', 'freeze', 'thaw', 'unmute'] as const) await act({ kind });
    await act({ kind: 'mute', until: 'hour' });
    expect(calls).toEqual([
      ['changeRuns', { select: { filter: { states: ['queued', 'running', 'waiting'] } }, action: 'pause', reason }],
      ['changeRuns', { select: { filter: { states: ['paused'] } }, action: 'resume', reason }],
      ['freeze', { reason }],
      ['thaw', { reason }],
      ['saveSettings', { settings: muted(null) }],
      ['saveSettings', { settings: muted(now + 3_600_000) }],
    ]);
    expect(seen).toEqual([]);
  });

  test('opens, quits, and tells what was refused', async () => {
    const { act, seen } = openEngine(['freeze', 'changeRuns', 'saveSettings']);
    await act({ kind: 'open', route: null });
    await act({ kind: 'open', route: '/inbox' });
    await act({ kind: 'quit' });
    await act({ kind: 'freeze' });
    await act({ kind: 'pauseAll' });
    await act({ kind: 'unmute' });
    expect(seen).toEqual(['open undefined', 'open /inbox', 'quit', 'freeze.', 'changeRuns.', 'saveSettings.']);
  });
});
