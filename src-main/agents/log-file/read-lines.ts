import type { LogLine } from '../../contract/log.ts';
import type { OpenIndex, ReadableFile } from './index-search.ts';
import { DamagedIndexError, findLast, recordAt } from './index-search.ts';
import type { IndexRecord } from './log-index.ts';

const NEWLINE = 10;
/** Read at once; more than a line of the greatest length takes in UTF-8. */
const windowBytes = 256 * 1024;
/** The most UTF-16 code units of one page; a page of very long lines has fewer lines than were asked for. */
const maxPageLength = 4 * 1024 * 1024;

/** A log opened for reading, with what its index says. `size` is fixed, so that a growing log has one answer. */
export interface OpenLog {
  readonly file: ReadableFile;
  readonly size: number;
  readonly index: OpenIndex;
}

/** How many lines a log has; an unfinished last line counts. */
export async function countLines({ file, size, index }: OpenLog): Promise<number> {
  if (size === 0) {
    return 0;
  }
  const last = await recordAt(index, index.count - 1);
  if (last.offset > size) {
    throw new DamagedIndexError('The index goes further than the log.');
  }
  let newlines = 0;
  let lastByte = NEWLINE;
  // One byte earlier tells whether the line before the record was finished.
  let position = Math.max(0, last.offset - 1);
  while (position < size) {
    const window = await readWindow(file, position, size);
    for (let end = window.indexOf(NEWLINE); end !== -1; end = window.indexOf(NEWLINE, end + 1)) {
      newlines += position + end >= last.offset ? 1 : 0;
    }
    lastByte = window.at(-1) ?? NEWLINE;
    position += window.length;
  }
  return last.line - 1 + newlines + (lastByte === NEWLINE ? 0 : 1);
}

/** Reads up to `limit` lines from line `from` on; `maxLength` cuts long ones, in UTF-16 code units. */
export async function readLines(log: OpenLog, from: number, limit: number, maxLength: number): Promise<LogLine[]> {
  const { file, size } = log;
  const lines: LogLine[] = [];
  const cursor = await RecordCursor.before(log, from);
  if (cursor === null) {
    return lines;
  }
  let position = (await skipLines(log, cursor.record.offset, from - cursor.record.line)) ?? size;
  let base = position;
  let window: Buffer = Buffer.alloc(0);
  let length = 0;
  while (lines.length < limit && position < size && length < maxPageLength) {
    let end = window.indexOf(NEWLINE, position - base);
    if (end === -1 && base + window.length < size && (position > base || window.length === 0)) {
      base = position;
      window = await readWindow(file, position, size);
      end = window.indexOf(NEWLINE);
    }
    const line = from + lines.length;
    const { stream, at } = cursor.covers(position) ? cursor.record : await cursor.moveTo(position);
    const whole = end !== -1 || base + window.length >= size;
    const text = cutText(window.subarray(position - base, end === -1 ? window.length : end), maxLength, whole);
    lines.push({ number: line, stream, at, ...text });
    length += text.text.length;
    position = whole ? base + (end === -1 ? window.length : end + 1) : await endOfLine(log, line, base + window.length);
    if (position > base + window.length) {
      base = position;
      window = Buffer.alloc(0);
    }
  }
  return lines;
}

/** @returns where the line behind `count` ends of line begins, null when there are not so many. */
async function skipLines({ file, size }: OpenLog, from: number, count: number): Promise<number | null> {
  let left = count;
  let position = from;
  while (left > 0 && position < size) {
    const window = await readWindow(file, position, size);
    let end = window.indexOf(NEWLINE);
    while (end !== -1 && left > 1) {
      left -= 1;
      end = window.indexOf(NEWLINE, end + 1);
    }
    if (end !== -1) {
      return position + end + 1;
    }
    position += window.length;
  }
  return left === 0 ? position : null;
}

/** Where the line after a very long one begins, found by the index rather than by reading the line. */
async function endOfLine(log: OpenLog, line: number, from: number): Promise<number> {
  const number = await findLast(log.index, (record) => record.line <= line);
  const { offset } = await recordAt(log.index, number);
  return (await skipLines(log, Math.max(offset, from), 1)) ?? log.size;
}

/** Walks the records forward beside the lines. */
class RecordCursor {
  private readonly index: OpenIndex;
  private number: number;
  /** The record of the batch that it stands at. */
  record: IndexRecord;
  /** Where the next batch begins. */
  private end = Number.NEGATIVE_INFINITY;

  private constructor(index: OpenIndex, number: number, record: IndexRecord) {
    this.index = index;
    this.number = number;
    this.record = record;
  }

  /** Stands at the last record that is not behind the beginning of a line. @returns null when there is none. */
  static async before({ index, size }: OpenLog, line: number): Promise<RecordCursor | null> {
    const number = await findLast(index, (record) => record.line < line || (record.line === line && !record.continued));
    return number < 0 || size === 0 ? null : new RecordCursor(index, number, await recordAt(index, number));
  }

  /** Whether a byte, which is not before the batch, belongs to it. False also when that is not known yet. */
  covers(offset: number): boolean {
    return offset < this.end;
  }

  /** @returns the record of the batch that a byte belongs to. */
  async moveTo(offset: number): Promise<IndexRecord> {
    for (;;) {
      const next = this.number + 1 < this.index.count ? await recordAt(this.index, this.number + 1) : null;
      this.end = next?.offset ?? Number.POSITIVE_INFINITY;
      if (next === null || next.offset > offset) return this.record;
      this.number += 1;
      this.record = next;
    }
  }
}

async function readWindow(file: ReadableFile, position: number, size: number): Promise<Buffer> {
  const window = Buffer.allocUnsafe(Math.min(windowBytes, size - position));
  const { bytesRead } = await file.read(window, 0, window.length, position);
  if (bytesRead === 0) {
    throw new Error('The log became shorter while it was read.');
  }
  return window.subarray(0, bytesRead);
}

/** Decodes a line leniently, without its `\r`; a character is never cut in two. */
function cutText(bytes: Buffer, maxLength: number, whole: boolean): { text: string; cut: boolean } {
  const end = whole && bytes.at(-1) === 13 ? bytes.length - 1 : bytes.length;
  const text = bytes.toString('utf8', 0, end);
  if (text.length <= maxLength && whole) {
    return { text, cut: false };
  }
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(maxLength - 1));
  return { text: text.slice(0, splitsPair ? maxLength - 1 : maxLength), cut: true };
}
