import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { colouredText, plainText, safeJson } from '../../src-main/cli/safe-text.ts';

const esc = '\u001b';

describe('R46 what agents print cannot give orders to the terminal', () => {
  test.each([
    ['colours', `${esc}[31mred${esc}[0m`, 'red'],
    ['the clipboard (OSC 52)', `a${esc}]52;c;aGVsbG8=\u0007b`, 'ab'],
    ['a link (OSC 8)', `${esc}]8;;http://x${esc}\\click${esc}]8;;${esc}\\`, 'click'],
    ['the title', `${esc}]0;evil\u0007ok`, 'ok'],
    ['an order without an end', `ok${esc}]52;c;aGVs`, 'ok'],
    ['cursor moves', `a${esc}[2A${esc}[1Gb`, 'ab'],
    ['a cleared screen', `${esc}[2J${esc}[Hx`, 'x'],
    ['device queries', `${esc}[c${esc}[6nx`, 'x'],
    ['C1 controls', 'a\u009b31mb\u009d0;t\u009cc\u0085d', 'abc d'],
    ['a device control string', `${esc}Pq#0;1${esc}\\x`, 'x'],
    ['the alternate character set', `${esc}(0x${esc}(B`, 'x'],
    ['a reset', `${esc}cx`, 'x'],
    ['right-to-left overrides', 'abc\u202etxt.exe\u202c\u2066x\u2069', 'abctxt.exex'],
    ['backspaces and bells', 'ab\b\u0007c\u0000', 'abc'],
    ['line ends', 'a\r\nb\rc\u2028d', 'a b c d'],
    ['tabs, which stay', 'a\tb', 'a\tb'],
    ['other scripts, which stay', 'ä 日本 😀', 'ä 日本 😀'],
  ])('%s', (_title, text, expected) => {
    expect(plainText(text)).toBe(expected);
  });

  test('where colours are wanted they stay, and nothing else does', () => {
    expect(colouredText(`${esc}[1;31mred${esc}[0m${esc}[2A${esc}]0;t\u0007!`)).toBe(`${esc}[1;31mred${esc}[0m!`);
    expect(colouredText(`${esc}[38;5;208mx`)).toBe(`${esc}[38;5;208mx`);
  });

  test('hidden text is shown', () => {
    expect(colouredText(`${esc}[8mhidden${esc}[0;8mtoo${esc}[38;5;9mred`)).toBe(`hiddentoo${esc}[38;5;9mred`);
  });

  test('of any text no control character is left', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom(esc, '[', ']', '\u0007', '\\', ';', '\u009b', 'm', '8'),
        fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
      ),
    });
    fc.assert(
      fc.property(text, (value) => {
        expect(plainText(value)).not.toMatch(/(?!\t)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        const rest = colouredText(value).replace(new RegExp(`${esc}\\[[0-9;:]*m`, 'gu'), '');
        expect(rest).not.toMatch(/(?!\t)[\p{Cc}\u202a-\u202e]/u);
      }),
    );
  });
});

test('JSON for a terminal loses nothing and holds nothing that a terminal obeys', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = safeJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(text).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
    }),
  );
});
