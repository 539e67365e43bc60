import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  desktopSettingsSchema,
  noticeReasons,
  noticeReasonsSchema,
  notificationSettingsSchema,
} from '../../src-main/contract/desktop-settings.ts';
import { invalidFields } from '../../src-main/contract/invalid-input.ts';

type Schema = typeof notificationSettingsSchema | typeof desktopSettingsSchema;

function faultsOf(schema: Schema, value: unknown): readonly string[] {
  const { error } = schema.safeParse(value);
  return error === undefined ? [] : invalidFields(error).map(({ field, complaint }) => `${field} ${complaint}`);
}

const notATime = 'must be a time of day such as 22:00';
const notAShortcut = 'must be modifiers and a key, such as CmdOrCtrl+Shift+S';

describe('R41 what a person is told', () => {
  test('every reason can be switched off by itself, and is on by default', () => {
    expect(Object.keys(noticeReasonsSchema.shape)).toEqual(noticeReasons);
    const { reasons } = notificationSettingsSchema.parse({ reasons: { stuck: false } });
    expect(reasons).toEqual({ ...noticeReasonsSchema.parse({}), stuck: false });
    expect(Object.values(noticeReasonsSchema.parse({}))).toEqual(noticeReasons.map(() => true));
  });

  test('every minute of a day can begin or end quiet hours', () => {
    const twoDigits = (value: number) => String(value).padStart(2, '0');
    const time = fc.tuple(fc.nat(23), fc.nat(59)).map(([hour, minute]) => `${twoDigits(hour)}:${twoDigits(minute)}`);
    fc.assert(
      fc.property(fc.uniqueArray(time, { minLength: 2, maxLength: 2 }), ([from, to]) => {
        expect(faultsOf(notificationSettingsSchema, { quietHours: { on: true, from, to } })).toEqual([]);
      }),
    );
  });

  test.each(['24:00', '7:00', '07:60', '0700', '07:00 ', '٠٧:٠٠', '-1:00', ''])('%j is no time of day', (from) => {
    expect(faultsOf(notificationSettingsSchema, { quietHours: { from } })).toEqual([`quietHours.from ${notATime}`]);
    expect(faultsOf(notificationSettingsSchema, { quietHours: { to: from } })).toEqual([`quietHours.to ${notATime}`]);
  });

  test('quiet hours may go over midnight, but not around the clock', () => {
    expect(faultsOf(notificationSettingsSchema, { quietHours: { from: '23:30', to: '06:00' } })).toEqual([]);
    expect(faultsOf(notificationSettingsSchema, { quietHours: { from: '07:00' } })).toEqual([
      'quietHours.to must differ from quietHours.from',
    ]);
  });

  test.each<[unknown, readonly string[]]>([
    [null, []],
    [1_795_250_403_823, []],
    [-1, ['mutedUntil must be at least 0']],
    [1.5, ['mutedUntil must be a whole number']],
    ['tomorrow', ['mutedUntil must be a number']],
  ])('muted until %j', (mutedUntil, faults) => {
    expect(faultsOf(notificationSettingsSchema, { mutedUntil })).toEqual(faults);
  });
});

describe('R41 how the desktop behaves', () => {
  test.each([
    null,
    'CmdOrCtrl+Shift+S',
    'Alt+F1',
    'Super+F24',
    'Control+Alt+Shift+Meta+0',
    'Option+Space',
    'CommandOrControl+PageUp',
  ])('%j can be a shortcut', (shortcut) => {
    expect(faultsOf(desktopSettingsSchema, { shortcuts: { window: shortcut } })).toEqual([]);
    expect(faultsOf(desktopSettingsSchema, { shortcuts: { freeze: shortcut } })).toEqual([]);
  });

  test.each(['S', 'F1', 'Ctrl', 'Ctrl+', 'Ctrl+s', 'Ctrl+F25', 'Ctrl+Shift', 'Ctrl S', 'Hyper+S', 'Ctrl+S+S', ''])(
    '%j would take a key from every application, or is none',
    (window) => {
      expect(faultsOf(desktopSettingsSchema, { shortcuts: { window } })).toEqual([`shortcuts.window ${notAShortcut}`]);
    },
  );

  test('one shortcut does one thing; none may stand twice', () => {
    const shortcut = 'Ctrl+Alt+S';
    expect(faultsOf(desktopSettingsSchema, { shortcuts: { window: shortcut, freeze: shortcut } })).toEqual([
      'shortcuts.freeze must differ from shortcuts.window',
    ]);
    expect(faultsOf(desktopSettingsSchema, { shortcuts: { window: null, freeze: null } })).toEqual([]);
  });

  test('updates are looked for in one of three ways', () => {
    expect(faultsOf(desktopSettingsSchema, { updates: 'always' })).toEqual([
      'updates must be one of off, tell, download',
    ]);
  });
});
