import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { desktopSettingsSchema } from '../../../src-main/contract/desktop-settings.ts';
import type { PressedKey } from '../../../src-renderer/features/settings/accelerator.ts';
import { isSameShortcut, keyWords, knownUse, recordKeys } from '../../../src-renderer/features/settings/accelerator.ts';

function pressed(key: string, held: Partial<PressedKey> = {}): PressedKey {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isAltGraph: false };
  return { key, code: '', ...none, ...held };
}

const anyKey: fc.Arbitrary<PressedKey> = fc.record({
  key: fc.oneof(
    fc.constantFrom(' ', 'Tab', 'Enter', 'Escape', 'ArrowUp', 'PageDown', 'Delete', 'Control', 'Shift', 'Meta', 'Dead'),
    fc.constantFrom('F1', 'F12', 'F24', 'F25', 'MediaPlayPause', 'Unidentified', '€', '!', 'ß'),
    fc.string({ minLength: 1, maxLength: 1 }),
  ),
  code: fc.constantFrom('KeyA', 'KeyZ', 'Digit1', 'Digit0', 'Numpad7', 'NumpadEnter', 'BracketLeft', 'F5', ''),
  ctrlKey: fc.boolean(),
  metaKey: fc.boolean(),
  altKey: fc.boolean(),
  shiftKey: fc.boolean(),
  isAltGraph: fc.boolean(),
});

function isAccepted(accelerator: string): boolean {
  return desktopSettingsSchema.safeParse({ shortcuts: { window: accelerator } }).success;
}

describe('R70 the recorder of shortcuts', () => {
  it('records only what the settings accept, and never a key that types a character', () => {
    fc.assert(
      fc.property(anyKey, fc.boolean(), (key, isMac) => {
        const recording = recordKeys(key, isMac);
        if (recording.kind !== 'recorded') return;
        const parts = recording.accelerator.split('+');
        expect(isAccepted(recording.accelerator), recording.accelerator).toBe(true);
        expect(new Set(parts).size).toBe(parts.length);
        const isFunctionKey = /^F\d+$/.test(parts.at(-1) ?? '');
        expect(isFunctionKey || parts.some((part) => /^(CmdOrCtrl|Control|Alt|Super)$/.test(part))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives the same shortcut for the same keys, and words that are as many as its keys', () => {
    fc.assert(
      fc.property(anyKey, fc.boolean(), (key, isMac) => {
        const [one, other] = [recordKeys(key, isMac), recordKeys({ ...key }, isMac)];
        expect(one).toEqual(other);
        if (one.kind !== 'recorded') return;
        expect(keyWords(one.accelerator, isMac)).toHaveLength(one.accelerator.split('+').length);
        expect(isSameShortcut(one.accelerator, one.accelerator, isMac)).toBe(true);
      }),
    );
  });

  it('takes the letter of the layout, and of keys that type something else the place', () => {
    expect(recordKeys(pressed('q', { code: 'KeyA', ctrlKey: true }), false)).toEqual({
      kind: 'recorded',
      accelerator: 'CmdOrCtrl+Q',
    });
    expect(recordKeys(pressed('å', { code: 'KeyA', altKey: true, metaKey: true }), true)).toEqual({
      kind: 'recorded',
      accelerator: 'CmdOrCtrl+Alt+A',
    });
    expect(recordKeys(pressed('!', { code: 'Digit1', ctrlKey: true, shiftKey: true }), false)).toEqual({
      kind: 'recorded',
      accelerator: 'CmdOrCtrl+Shift+1',
    });
    expect(recordKeys(pressed('м', { code: 'KeyV', ctrlKey: true, altKey: true }), false)).toEqual({
      kind: 'recorded',
      accelerator: 'CmdOrCtrl+Alt+V',
    });
  });

  it('tells the modifiers of a Mac from those of other machines', () => {
    const keys = pressed('F9', { ctrlKey: true, metaKey: true });
    expect(recordKeys(keys, true)).toEqual({ kind: 'recorded', accelerator: 'CmdOrCtrl+Control+F9' });
    expect(recordKeys(keys, false)).toEqual({ kind: 'recorded', accelerator: 'CmdOrCtrl+Super+F9' });
    expect(keyWords('CmdOrCtrl+Control+Alt+F9', true)).toEqual(['Cmd', 'Ctrl', 'Option', 'F9']);
    expect(keyWords('CommandOrControl+Meta+Return', false)).toEqual(['Ctrl', 'Super', 'Enter']);
  });

  it('shows the modifiers while they are held', () => {
    expect(recordKeys(pressed('Shift', { ctrlKey: true, shiftKey: true }), false)).toEqual({
      kind: 'held',
      modifiers: ['CmdOrCtrl', 'Shift'],
    });
  });

  it('leaves with Escape, and lets Tab go on', () => {
    expect(recordKeys(pressed('Escape'), false)).toEqual({ kind: 'left' });
    expect(recordKeys(pressed('Escape', { ctrlKey: true }), false)).toMatchObject({ accelerator: 'CmdOrCtrl+Escape' });
    expect(recordKeys(pressed('Tab'), false)).toEqual({ kind: 'passed' });
    expect(recordKeys(pressed('Tab', { shiftKey: true }), false)).toEqual({ kind: 'passed' });
  });

  it('refuses what other applications need, and says what to hold', () => {
    const refusals = [
      pressed('a', { code: 'KeyA' }),
      pressed('A', { code: 'KeyA', shiftKey: true }),
      // Windows tells of AltGr as Ctrl and Alt.
      pressed('€', { code: 'KeyE', isAltGraph: true, ctrlKey: true, altKey: true }),
      pressed('F5'),
    ];
    for (const keys of refusals) {
      expect(recordKeys(keys, false)).toEqual({
        kind: 'refused',
        reason: 'Hold Ctrl or Alt too: other applications need the key alone.',
      });
    }
    expect(recordKeys(pressed('a'), true)).toMatchObject({ reason: expect.stringContaining('Cmd, Ctrl or Option') });
    expect(recordKeys(pressed('F5', { shiftKey: true }), false)).toMatchObject({ accelerator: 'Shift+F5' });
  });

  it('refuses keys for which there is no name', () => {
    for (const keys of [pressed('7', { code: 'Numpad7', ctrlKey: true }), pressed('[', { ctrlKey: true })]) {
      expect(recordKeys(keys, false)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('cannot be') });
    }
  });
});

describe('shortcuts that are in use', () => {
  it('are the same keys however they are written, by the machine', () => {
    expect(isSameShortcut('CmdOrCtrl+Shift+S', 'Shift+Ctrl+S', false)).toBe(true);
    expect(isSameShortcut('CmdOrCtrl+Shift+S', 'Shift+Ctrl+S', true)).toBe(false);
    expect(isSameShortcut('Command+Enter', 'Cmd+Return', true)).toBe(true);
  });

  it('are named with what they do elsewhere', () => {
    expect(knownUse('Control+C', false)).toBe('copies');
    expect(knownUse('Control+C', true)).toBeNull();
    expect(knownUse('CmdOrCtrl+Alt+B', false)).toBeNull();
  });
});
