import { withoutEscapes } from '../../contract/escape-sequences.ts';

/** Characters that would draw over other text, turn it round, or begin a line. */
const unwritten = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** A text of anybody on one line, of at most so many characters, with nothing in it that is not shown. */
export function plainLine(text: string, maxLength: number): string {
  const line = withoutEscapes(text).replace(unwritten, ' ').replace(/ {2,}/g, ' ').trim();
  const characters = [...line];
  return characters.length <= maxLength
    ? line
    : `${characters
        .slice(0, maxLength - 1)
        .join('')
        .trimEnd()}…`;
}

/** A line as a menu shows it: `&` marks a key there, and two of them are one. Underscores are Electron's to escape. */
export function menuLabel(line: string): string {
  return line.replaceAll('&', '&&');
}
