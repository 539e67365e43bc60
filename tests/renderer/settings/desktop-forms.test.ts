import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeReasons } from '../../../src-main/contract/desktop-settings.ts';
import { settingsSchema } from '../../../src-main/contract/settings.ts';
import { desktopOf, readDesktop } from '../../../src-renderer/features/settings/desktop-form.ts';
import {
  inAnHour,
  isMuted,
  muted,
  notificationsOf,
  quietWords,
  readNotifications,
  reasonOrder,
  tomorrowMorning,
} from '../../../src-renderer/features/settings/notifications-form.ts';
import { faultsOf } from '../../../src-renderer/features/settings/settings-form.ts';
import { formatTimeOfDay } from '../../../src-renderer/format/time.ts';

const settings = settingsSchema.parse({ redact: ['a+'], desktop: { shortcuts: { window: 'CmdOrCtrl+Shift+S' } } });

const two = (value: number) => String(value).padStart(2, '0');
const timeOfDay = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hours, minutes]) => `${two(hours)}:${two(minutes)}`);

describe('R70 the form of the notifications', () => {
  it('gives the settings that were put into it, and keeps what it does not show', () => {
    expect(readNotifications(notificationsOf(settings), settings)).toEqual({ settings, faults: null });
    const silent = muted(settings, 5_000);
    const read = readNotifications({ ...notificationsOf(silent), on: false }, silent);
    expect(read).toMatchObject({ settings: { redact: ['a+'], notifications: { on: false, mutedUntil: 5_000 } } });
  });

  it('offers every reason once', () => {
    expect(reasonOrder.toSorted()).toEqual(noticeReasons.toSorted());
  });

  it('takes any two different times, and refuses the same one twice', () => {
    fc.assert(
      fc.property(timeOfDay, timeOfDay, (quietFrom, quietTo) => {
        const read = readNotifications({ ...notificationsOf(settings), quietOn: true, quietFrom, quietTo }, settings);
        if (quietFrom !== quietTo) {
          expect(read).toMatchObject({
            settings: { notifications: { quietHours: { on: true, from: quietFrom, to: quietTo } } },
          });
        } else {
          expect(read.faults).toEqual({ quietTo: 'It must differ from the time at which they begin.' });
        }
      }),
    );
  });

  it('asks for a time that is not whole', () => {
    const form = { ...notificationsOf(settings), quietFrom: '' };
    expect(readNotifications(form, settings).faults).toEqual({ quietFrom: 'Give a time of day.' });
    expect(readNotifications({ ...form, quietTo: '' }, settings).faults).toEqual({
      quietFrom: 'Give a time of day.',
      quietTo: 'Give a time of day.',
    });
  });

  it('says what quiet hours mean, over midnight too', () => {
    const form = { ...notificationsOf(settings), quietOn: true };
    expect(quietWords(form)).toContain(
      `From ${formatTimeOfDay('22:00')} to ${formatTimeOfDay('07:00')} of the next day`,
    );
    expect(quietWords({ ...form, quietFrom: '12:00', quietTo: '13:30' })).toContain(
      `From ${formatTimeOfDay('12:00')} to ${formatTimeOfDay('13:30')}, by the clock`,
    );
    expect(quietWords({ ...form, quietTo: '22:00' })).toBe('Give the times between which all is quiet.');
    expect(quietWords({ ...form, quietOn: false })).toContain('no quiet hours');
  });
});

describe('R70 muting', () => {
  it('holds until its time, and is taken back by nothing', () => {
    const silent = muted(settings, 1_000);
    expect([isMuted(silent, 999), isMuted(silent, 1_000), isMuted(muted(silent, null), 0)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(inAnHour(5)).toBe(3_600_005);
  });

  it('ends tomorrow at eight by the clock, whatever the time and the day', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(2024, 0, 1), max: new Date(2030, 0, 1), noInvalidDate: true }), (now) => {
        const end = new Date(tomorrowMorning(now.getTime()));
        expect([end.getHours(), end.getMinutes(), end.getSeconds()]).toEqual([8, 0, 0]);
        const nextDay = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
        expect(end.toDateString()).toBe(nextDay.toDateString());
      }),
    );
  });
});

describe('R70 the form of the desktop', () => {
  it('gives the settings that were put into it', () => {
    expect(readDesktop(desktopOf(settings), settings, false)).toEqual({ settings, faults: null });
    const form = { ...desktopOf(settings), startAtLogin: true, updates: 'off', windowShortcut: null } as const;
    expect(readDesktop(form, settings, false)).toMatchObject({
      settings: { redact: ['a+'], desktop: { startAtLogin: true, updates: 'off', shortcuts: { window: null } } },
    });
  });

  it('refuses one shortcut for two things, however it is written', () => {
    const fault = { freezeShortcut: 'It must differ from the one that shows the window.' };
    const same = { ...desktopOf(settings), freezeShortcut: 'CmdOrCtrl+Shift+S' };
    expect(readDesktop(same, settings, false).faults).toEqual(fault);
    expect(readDesktop({ ...same, freezeShortcut: 'Shift+Ctrl+S' }, settings, false).faults).toEqual(fault);
    expect(readDesktop({ ...same, freezeShortcut: 'Shift+Ctrl+S' }, settings, true).faults).toBeNull();
  });

  it('names a shortcut of the file that cannot be used', () => {
    expect(readDesktop({ ...desktopOf(settings), freezeShortcut: 'F5' }, settings, false).faults).toEqual({
      freezeShortcut: 'It must be modifiers and a key, such as CmdOrCtrl+Shift+S.',
    });
  });
});

it('refusals of the engine are shown at their fields', () => {
  const error = { type: 'invalidInput', message: 'No.', remedy: 'Yes.' } as const;
  expect(faultsOf({ ...error, field: 'settings.notifications.quietHours.to' })).toEqual({ quietTo: 'No.' });
  expect(faultsOf({ ...error, field: 'settings.desktop.shortcuts.freeze' })).toEqual({ freezeShortcut: 'No.' });
});
