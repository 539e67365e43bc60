import { describe, expect, test } from 'vitest';
import type { News } from '../../../src-main/shell/notices/notice.ts';
import type { PartTrouble } from '../../../src-main/shell/part-reports.ts';
import { isNewer } from '../../../src-main/shell/updates/newer-version.ts';
import type { Installation, UpdateSource } from '../../../src-main/shell/updates/update-source.ts';
import { updateSource } from '../../../src-main/shell/updates/update-source.ts';
import type { UpdateBox } from '../../../src-main/shell/updates/updates.ts';
import { firstLookMs, lookEveryMs, Updates } from '../../../src-main/shell/updates/updates.ts';
import { ManualClock } from '../../support/manual-clock.ts';

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** An error of the updater. */
function failing(message: string, code?: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

/** An application whose updater does what a test says. */
function openApplication({
  source = { kind: 'self', said: null } as UpdateSource,
  answers = [] as readonly string[],
} = {}) {
  const clock = new ManualClock();
  const told: News[] = [];
  const reports: PartTrouble[] = [];
  const boxes: { message: string; detail: string; buttons: readonly string[] }[] = [];
  const left = [...answers];
  const script = {
    found: null as string | null | Error,
    downloaded: null as Error | null,
    looks: 0,
    downloads: 0,
    installs: 0,
    loads: 0,
    quits: [] as (() => void)[],
  };
  const box: UpdateBox = async (shown) => {
    boxes.push(shown);
    const chosen = left.shift();
    return shown.buttons.find((button) => button === chosen) ?? (shown.buttons.at(-1) as never);
  };
  const updates = new Updates({
    source,
    version: '1.2.0',
    after: (ms, callback) => clock.after(ms, callback),
    box,
    tell: (news) => told.push(news),
    report: (trouble) => reports.push(trouble),
    quit: (instead) => script.quits.push(instead),
    loadUpdater: async () => {
      script.loads += 1;
      return {
        find: async () => {
          script.looks += 1;
          if (script.found instanceof Error) throw script.found;
          return script.found;
        },
        download: async () => {
          script.downloads += 1;
          if (script.downloaded !== null) throw script.downloaded;
        },
        installAndRestart: () => {
          script.installs += 1;
        },
      };
    },
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { updates, script, told, reports, boxes, clock, pass };
}

describe('R66 looking for updates', () => {
  test('is done some time after the start and then every few hours, and what is found is told', async () => {
    const { updates, script, told, pass, reports } = openApplication();
    script.found = '1.3.0';
    updates.setMode('tell');
    await pass(firstLookMs - 1);
    expect(script.loads).toBe(0);
    await pass(1);
    expect(told).toMatchObject([{ reason: 'update', title: 'Signalbox 1.3.0 can be had', route: '/settings/about' }]);
    await pass(lookEveryMs);
    expect(script).toMatchObject({ looks: 2, downloads: 0, loads: 1, quits: [] });
    expect(new Set(told.map(({ key }) => key)).size).toBe(1);
    expect(reports.every((trouble) => trouble === null)).toBe(true);
  });

  test('is never done by itself when it is off, and stops when it is switched off', async () => {
    const { updates, script, clock, pass } = openApplication();
    updates.setMode('off');
    await pass(10 * lookEveryMs);
    updates.setMode('tell');
    updates.setMode('off');
    expect(clock.timers).toBe(0);
    updates.setMode('tell');
    updates.stop();
    await pass(10 * lookEveryMs);
    expect(script).toMatchObject({ looks: 0, loads: 0 });
  });

  test('downloads what it finds when the person wants that, and interrupts nothing', async () => {
    const { updates, script, told, pass } = openApplication();
    script.found = '1.3.0';
    updates.setMode('download');
    await pass(firstLookMs);
    expect(told).toMatchObject([{ title: 'Signalbox 1.3.0 is ready' }]);
    await pass(lookEveryMs);
    expect(script).toMatchObject({ downloads: 1, installs: 0, quits: [] });
  });

  test('R48 without a network is reported once, goes on, and recovers', async () => {
    const { updates, script, told, reports, pass } = openApplication();
    script.found = failing('net::ERR_INTERNET_DISCONNECTED\n    at a long stack');
    updates.setMode('tell');
    await pass(firstLookMs);
    expect(reports).toMatchObject([{ message: 'Looking for updates failed: net::ERR_INTERNET_DISCONNECTED' }]);
    script.found = null;
    await pass(lookEveryMs);
    expect(reports.at(-1)).toBeNull();
    expect(told).toEqual([]);
  });

  test('an updater that cannot be loaded is tried again', async () => {
    const reports: PartTrouble[] = [];
    const clock = new ManualClock();
    let loads = 0;
    const updates = new Updates({
      source: { kind: 'self', said: null },
      version: '1.2.0',
      after: (ms, callback) => clock.after(ms, callback),
      box: async ({ buttons }) => buttons[0],
      tell: () => {},
      report: (trouble) => reports.push(trouble),
      quit: () => {},
      loadUpdater: async () => {
        loads += 1;
        throw new Error('no app-update.yml');
      },
    });
    updates.setMode('tell');
    clock.advance(firstLookMs);
    await settle();
    clock.advance(lookEveryMs);
    await settle();
    expect(loads).toBe(2);
    expect(reports).toHaveLength(2);
  });
});

describe('an update that is refused', () => {
  test.each([
    ['ERR_CHECKSUM_MISMATCH', 'sha512 checksum mismatch'],
    ['ERR_UPDATER_INVALID_SIGNATURE', 'New version 1.3.0 is not signed by the application owner'],
    ['ERR_UPDATER_NO_CHECKSUM', 'Missed checksum'],
    [undefined, 'Code signature at URL file:///x did not pass validation'],
  ])('%s: %s: is shown with its reason, and not fetched again by itself', async (code, message) => {
    const { updates, script, told, reports, pass } = openApplication();
    script.found = '1.3.0';
    script.downloaded = failing(message, code);
    updates.setMode('download');
    await pass(firstLookMs);
    expect(reports.at(-1)?.message).toBe(`The update could not be verified and was refused: ${message}`);
    expect(told).toMatchObject([{ title: 'An update was refused', body: expect.stringContaining(message) }]);
    await pass(lookEveryMs);
    // It is still in trouble: what was found is what was refused.
    expect(reports.at(-1)).not.toBeNull();
    expect(script).toMatchObject({ downloads: 1, installs: 0 });
    script.found = '1.3.1';
    script.downloaded = null;
    await pass(lookEveryMs);
    expect(reports.at(-1)).toBeNull();
    expect(told.at(-1)?.title).toBe('Signalbox 1.3.1 is ready');
  });

  test('an older version is never taken', async () => {
    const { updates, script, reports, boxes, pass } = openApplication();
    script.found = '1.1.9';
    updates.setMode('download');
    await pass(firstLookMs);
    expect(reports.at(-1)?.message).toBe('Version 1.1.9 is offered, which is not newer than this one, 1.2.0.');
    await updates.checkNow();
    expect(boxes).toMatchObject([{ message: expect.stringContaining('not newer'), buttons: ['OK'] }]);
    expect(script).toMatchObject({ downloads: 0, installs: 0 });
  });

  test('a reason of any length fits what may be reported', async () => {
    const { updates, script, reports, pass } = openApplication();
    script.found = failing('x'.repeat(5_000));
    updates.setMode('tell');
    await pass(firstLookMs);
    expect(reports[0]?.message).toHaveLength(500);
  });
});

describe('who asks for updates', () => {
  test('is told that there is none', async () => {
    const { updates, boxes, script } = openApplication();
    script.found = '1.2.0';
    await updates.checkNow();
    expect(boxes).toMatchObject([{ message: 'Signalbox is up to date.', detail: 'This is version 1.2.0.' }]);
  });

  test('fetches it, and restarts through the door that asks about live work', async () => {
    const { updates, boxes, script } = openApplication({ answers: ['Download', 'Restart now'] });
    script.found = '1.3.0';
    await updates.checkNow();
    expect(boxes.map(({ message }) => message)).toEqual(['Signalbox 1.3.0 can be had.', 'Signalbox 1.3.0 is ready.']);
    expect(script).toMatchObject({ downloads: 1, installs: 0 });
    expect(script.quits).toHaveLength(1);
    script.quits[0]?.();
    expect(script.installs).toBe(1);
  });

  test('may leave it for later, and is asked about what is ready when they ask again', async () => {
    const { updates, boxes, script } = openApplication({
      answers: ['Later', 'Download', 'When I quit', 'When I quit'],
    });
    script.found = '1.3.0';
    await updates.checkNow();
    expect(script.downloads).toBe(0);
    await updates.checkNow();
    await updates.checkNow();
    expect(boxes.at(-1)?.message).toBe('Signalbox 1.3.0 is ready.');
    expect(script).toMatchObject({ downloads: 1, installs: 0, quits: [] });
  });

  test('is told why it could not be looked for', async () => {
    const { updates, boxes, script } = openApplication();
    script.found = failing('getaddrinfo ENOTFOUND');
    await updates.checkNow();
    expect(boxes).toMatchObject([{ message: 'Looking for updates failed: getaddrinfo ENOTFOUND', buttons: ['OK'] }]);
  });

  test('is told where updates come from when Signalbox does not bring them', async () => {
    const said = "Updates come with your system's packages.";
    const { updates, boxes, script, clock } = openApplication({ source: { kind: 'others', said } });
    updates.setMode('download');
    expect(clock.timers).toBe(0);
    await updates.checkNow();
    expect(boxes).toMatchObject([{ message: said }]);
    expect(script.loads).toBe(0);
  });
});

describe('where updates come from', () => {
  const installed: Installation = {
    isPackaged: true,
    platform: 'linux',
    env: {},
    packageType: null,
    execPath: '/opt/Signalbox/signalbox',
    isWindowsStore: false,
  };

  test.each<[string, Partial<Installation>, string | null]>([
    ['an AppImage', { env: { APPIMAGE: '/x.AppImage' } }, null],
    ['an AppImage that says so', { env: { APPIMAGE: '/x.AppImage' }, packageType: 'AppImage' }, null],
    ['a deb', { packageType: 'deb' }, "system's packages"],
    ['an rpm', { packageType: 'rpm' }, "system's packages"],
    ['a deb started within an AppImage', { packageType: 'deb', env: { APPIMAGE: '/y' } }, "system's packages"],
    ['a snap', { env: { SNAP: '/snap/x' } }, 'Snap'],
    ['a flatpak', { env: { FLATPAK_ID: 'x' } }, 'Flatpak'],
    ['a folder', {}, 'unpacked into a folder'],
    ['sources', { isPackaged: false, env: { APPIMAGE: '/x' } }, 'from its sources'],
    ['a Mac', { platform: 'darwin', execPath: '/Applications/Signalbox.app/x' }, null],
    ['a disk image', { platform: 'darwin', execPath: '/Volumes/Signalbox/Signalbox.app/x' }, 'Applications first'],
    ['a quarantined Mac', { platform: 'darwin', execPath: '/private/AppTranslocation/x' }, 'Applications first'],
    ['Windows', { platform: 'win32' }, null],
    ['the store', { platform: 'win32', isWindowsStore: true }, 'Microsoft Store'],
    ['a portable program', { platform: 'win32', env: { PORTABLE_EXECUTABLE_DIR: 'C:' } }, 'was not installed'],
    ['another system', { platform: 'freebsd' }, 'no updates for this system'],
  ])('%s', (_name, change, said) => {
    const source = updateSource({ ...installed, ...change });
    if (said === null) expect(source).toEqual({ kind: 'self', said: null });
    else expect(source.said).toContain(said);
  });
});

test.each([
  ['1.2.1', '1.2.0', true],
  ['v1.10.0', '1.9.9', true],
  ['2.0.0', '10.0.0', false],
  ['1.2.0', '1.2.0', false],
  ['1.2.0', '1.2.0-beta.1', true],
  ['1.2.0-beta.1', '1.2.0', false],
  ['1.2.0-beta.10', '1.2.0-beta.9', true],
  ['1.2.0-beta', '1.2.0-1', true],
  ['1.2.0-1', '1.2.0-beta', false],
  ['1.2.0-beta.1.1', '1.2.0-beta.1', true],
  ['1.2.0-beta', '1.2.0-beta.1', false],
  ['1.2.0-alpha', '1.2.0-beta', false],
  ['1.2.0+build', '1.2.0', false],
  ['latest', '1.2.0', false],
  ['9.9.9', 'unknown', false],
])('%s is newer than %s: %s', (version, than, expected) => {
  expect(isNewer(version, than)).toBe(expected);
});
