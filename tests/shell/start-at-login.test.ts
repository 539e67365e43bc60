import { describe, expect, test } from 'vitest';
import {
  isHiddenStart,
  ownStart,
  startAtLoginOnMac,
  startAtLoginOnWindows,
} from '../../src-main/shell/start-at-login.ts';

function statusOf(openAtLogin: boolean, isAllowed: boolean) {
  if (!openAtLogin) return 'not-registered' as const;
  return isAllowed ? ('enabled' as const) : ('requires-approval' as const);
}

/** The login items of a system that a person may switch off. */
function loginItems({ isAllowed = true } = {}) {
  const sets: object[] = [];
  let openAtLogin = false;
  return {
    sets,
    getLoginItemSettings: () => ({
      openAtLogin,
      wasOpenedAtLogin: false,
      status: statusOf(openAtLogin, isAllowed),
      executableWillLaunchAtLogin: openAtLogin && isAllowed,
      launchItems: [],
    }),
    setLoginItemSettings: (item: { openAtLogin?: boolean }) => {
      sets.push(item);
      openAtLogin = item.openAtLogin ?? false;
    },
  };
}

describe('the start at login', () => {
  test('is told to Windows with words that hold together, and not again when it is so already', () => {
    const items = loginItems();
    const apply = startAtLoginOnWindows(items, ownStart('C:\\Signalbox.exe', 'C:\\my data\\'));
    expect(apply(true)).toBeNull();
    expect(apply(true)).toBeNull();
    const args = ['--hidden', '--data', '"C:\\my data\\\\"'];
    expect(items.sets).toEqual([{ args, openAtLogin: true }]);
    expect(apply(false)).toBeNull();
    expect(items.sets).toHaveLength(2);
  });

  test('that was switched off in the Task Manager is said, and stays off', () => {
    const items = loginItems({ isAllowed: false });
    const apply = startAtLoginOnWindows(items, ownStart('C:\\Signalbox.exe', null));
    expect(apply(true)?.message).toContain('Windows has switched it off');
    expect(apply(true)?.remedy).toContain('Startup');
    expect(items.sets).toHaveLength(1);
  });

  test('is told to macOS, which may want it to be allowed', () => {
    const items = loginItems();
    const apply = startAtLoginOnMac(items, null);
    expect(apply(true)).toBeNull();
    expect(apply(false)).toBeNull();
    expect(items.sets).toEqual([{ openAtLogin: true }, { openAtLogin: false }]);
    expect(startAtLoginOnMac(loginItems({ isAllowed: false }), null)(true)?.message).toContain('requires-approval');
  });

  test('with a data folder of its own is refused on macOS, which passes no words', () => {
    const items = loginItems();
    expect(startAtLoginOnMac(items, '/data')(true)?.message).toContain('without --data');
    expect(items.getLoginItemSettings().openAtLogin).toBe(false);
  });

  test('is known by its word', () => {
    expect(isHiddenStart(['/signalbox', ...ownStart('/signalbox', null).args])).toBe(true);
    expect(isHiddenStart(['/signalbox', '--data', 'x'])).toBe(false);
  });
});
