import Anser from 'anser';
import { escapeSequences, withoutEscapes } from '../../../src-main/contract/escape-sequences.ts';

/** The colours that output may have; each is a class of log-line.module.css, with a contrast that can be read. */
export type InkName = 'black' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'white';

/** A piece of a line that looks the same from end to end. */
export interface PrintedPart {
  readonly text: string;
  /** Where it begins in the line, UTF-16 code units. */
  readonly from: number;
  readonly ink: InkName | null;
  readonly ground: InkName | null;
  readonly marks: readonly PrintedMark[];
  /** The name of the character, `ESC` or `U+202E`, when this is one that has no look of its own. */
  readonly control: string | null;
}

/** Looks of text that are kept; blinking and hidden text is shown plainly. */
export type PrintedMark = 'bold' | 'dim' | 'italic' | 'underline' | 'strikethrough' | 'reverse';
const keptMarks: ReadonlySet<string> = new Set<PrintedMark>([
  'bold',
  'dim',
  'italic',
  'underline',
  'strikethrough',
  'reverse',
]);

/**
 * Characters that do something instead of showing something: C0 and C1 controls (tabs excepted), ends of lines and of
 * paragraphs, overrides of the reading direction. Each is shown by its name, and keeps its one place in the line.
 */
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]/g;

/** The text of a line as it can be selected and searched: without escape sequences, all other characters as printed. */
export function plainText(printed: string): string {
  return withoutEscapes(printed);
}

/** A line's text in pieces, for the eye. Only what is visible is ever given to this. */
export function printedParts(printed: string): PrintedPart[] {
  const parts: PrintedPart[] = [];
  let from = 0;
  for (const { content, look } of printed.includes('\x1b') ? coloured(printed) : [{ content: printed, look: plain }]) {
    for (const piece of splitControls(content)) {
      parts.push({ ...look, ...piece, from });
      from += piece.text.length;
    }
  }
  return parts;
}

type Look = Pick<PrintedPart, 'ink' | 'ground' | 'marks'>;
const plain: Look = { ink: null, ground: null, marks: [] };

/** Sequences that set colours and looks: the only ones that are carried out. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: sequences begin with the escape character
const looks = /^\x1b\[[\d;]*m$/;

function* coloured(printed: string): Generator<{ readonly content: string; readonly look: Look }> {
  let cleaned = '';
  let end = 0;
  for (const { 0: sequence, index } of printed.matchAll(escapeSequences)) {
    cleaned += withoutLoneEscapes(printed.slice(end, index)) + (looks.test(sequence) ? sequence : '');
    end = index + sequence.length;
  }
  cleaned += withoutLoneEscapes(printed.slice(end));
  for (const entry of Anser.ansiToJson(cleaned, { json: true, use_classes: true, remove_empty: true })) {
    const marks = [...new Set<string>(entry.decorations)].filter((mark): mark is PrintedMark => keptMarks.has(mark));
    const look = { ink: inkOf(entry.fg, entry.fg_truecolor), ground: inkOf(entry.bg, entry.bg_truecolor), marks };
    yield { content: entry.content.replaceAll(loneEscape, '\x1b'), look };
  }
}

/** An escape character that begins no sequence is a control like others, and must not reach the parser of colours. */
function withoutLoneEscapes(text: string): string {
  return text.replaceAll('\x1b', loneEscape);
}

/** Stands for a lone escape character: two second halves of pairs, which text never has. */
const loneEscape = '\udc00\udc01';

function splitControls(content: string): { readonly text: string; readonly control: string | null }[] {
  const parts: { text: string; control: string | null }[] = [];
  let end = 0;
  for (const match of content.matchAll(controls)) {
    if (match.index > end) parts.push({ text: content.slice(end, match.index), control: null });
    parts.push({ text: controlPlace, control: nameOf(match[0].charCodeAt(0)) });
    end = match.index + 1;
  }
  if (end < content.length) parts.push({ text: content.slice(end), control: null });
  return parts;
}

/** Stands in the text where a control was; its name is what is seen. */
const controlPlace = '\u00a0';
const c0Names =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );

function nameOf(code: number): string {
  return c0Names[code] ?? (code === 0x7f ? 'DEL' : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`);
}

const inks: readonly InkName[] = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** Any colour becomes one of eight that can be read on both grounds. */
function inkOf(name: string | null, rgb: string | null): InkName | null {
  if (name === null) return null;
  const palette = /^ansi-palette-(\d+)$/.exec(name);
  if (palette !== null) return nearestInk(paletteRgb(Number(palette[1])));
  if (name === 'ansi-truecolor') return rgb === null ? null : nearestInk(rgb.split(',').map(Number));
  return inks.find((ink) => name === `ansi-${ink}` || name === `ansi-bright-${ink}`) ?? null;
}

function paletteRgb(index: number): number[] {
  if (index >= 232) return [0, 0, 0].fill(8 + (index - 232) * 10);
  const level = (digit: number) => (digit === 0 ? 0 : 55 + digit * 40);
  const cube = index - 16;
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
}

/** Which of red, green and blue are strong says the ink, as in the order of the eight. */
function nearestInk([red = 0, green = 0, blue = 0]: readonly number[]): InkName | null {
  const most = Math.max(red, green, blue);
  if (most - Math.min(red, green, blue) < 32) return most < 128 ? 'black' : 'white';
  const bit = (value: number, weight: number) => (value > most * 0.6 ? weight : 0);
  return inks[bit(red, 1) + bit(green, 2) + bit(blue, 4)] ?? null;
}
