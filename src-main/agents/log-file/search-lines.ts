import { isAscii } from 'node:buffer';
import type { ApiOutput } from '../../contract/api.ts';
import { withoutEscapes } from '../../contract/escape-sequences.ts';
import type { LogFind } from '../../contract/log-find.ts';
import { compileFind, errorSigns, looksLikeError } from '../../contract/log-find.ts';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** Which lines are wanted: the first `limit` from line `from` on; all others are only counted. */
export interface SearchQuery {
  readonly find: LogFind;
  readonly from: number;
  readonly limit: number;
}

/**
 * Looks through blocks of whole lines (see `lineBlocks`). Text and signs of errors are looked for in a block as a
 * whole, which costs as much as reading it; a pattern might go over ends of lines, so it is given line by line.
 *
 * @throws SyntaxError when the pattern is none
 */
export function searchLines(blocks: Iterable<Buffer>, { find, from, limit }: SearchQuery): ApiOutput<'searchLog'> {
  const lines: number[] = [];
  let total = 0;
  let before = 0;
  const search = searchOf(find);
  for (const block of blocks) {
    const count = search(textOf(block), (index) => {
      total += 1;
      const number = before + index;
      if (number >= from && lines.length < limit) lines.push(number);
    });
    before += count;
  }
  return { lines, total, totalLines: before };
}

/** Tells the matching lines of a text, by number from 1, in order. @returns how many lines the text has. */
type BlockSearch = (text: string, found: (line: number) => void) => number;

function searchOf(find: LogFind): BlockSearch {
  const wanted = compileFind(find);
  if (find.kind === 'error') {
    const sign = new RegExp(errorSigns.source, 'gi');
    return (text, found) => searchWhole(text, sign, found, looksLikeError);
  }
  if (find.kind === 'pattern' || /[\r\n]/.test(find.text)) {
    const once = new RegExp(wanted.source, wanted.flags.replace('g', ''));
    return (text, found) => searchEach(text, once, found);
  }
  return (text, found) => searchWhole(text, wanted, found, () => true);
}

/**
 * Decodes as the reader of pages does; text that is all ASCII, as most is, takes one byte per character. An unfinished
 * last line is ended: it is one, even where nothing is left of it without its escape sequences.
 */
function textOf(block: Buffer): string {
  const text = withoutEscapes(block.toString(isAscii(block) ? 'latin1' : 'utf8'));
  return block.at(-1) === NEWLINE ? text : `${text}\n`;
}

/** @param wanted global, and never matching an end of line */
function searchWhole(
  text: string,
  wanted: RegExp,
  found: (line: number) => void,
  confirms: (line: string) => boolean,
): number {
  let line = 1;
  let start = 0;
  wanted.lastIndex = 0;
  for (let match = wanted.exec(text); match !== null; match = wanted.exec(text)) {
    let end = text.indexOf('\n', start);
    while (end < match.index) {
      line += 1;
      start = end + 1;
      end = text.indexOf('\n', start);
    }
    if (confirms(text.slice(start, end))) found(line);
    line += 1;
    start = end + 1;
    wanted.lastIndex = start;
  }
  for (let end = text.indexOf('\n', start); end !== -1; end = text.indexOf('\n', end + 1)) line += 1;
  return line - 1;
}

/** @param wanted not global */
function searchEach(text: string, wanted: RegExp, found: (line: number) => void): number {
  let line = 0;
  let start = 0;
  for (let next = text.indexOf('\n'); next !== -1; next = text.indexOf('\n', start)) {
    line += 1;
    const end = next > start && text.charCodeAt(next - 1) === CARRIAGE_RETURN ? next - 1 : next;
    if (wanted.test(text.slice(start, end))) found(line);
    start = next + 1;
  }
  return line;
}
