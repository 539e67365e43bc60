import type { LogStream } from '../../contract/log.ts';
import { encodeRecord, maxRecordBytes, maxRecordLines } from './log-index.ts';

/** Lines whose times differ by less than this share a record. */
const timeResolutionMs = 10;
const NEWLINE = 10;

/** A piece of one stream, as it is written to a log. */
export interface Segment {
  readonly stream: LogStream;
  readonly at: number;
  readonly bytes: Buffer;
  /** An end of line that was not printed, see {@link IndexRecord.inserted}. */
  readonly inserted: boolean;
}

/** Follows what is written to a log and says which records its index needs. */
export class IndexBuilder {
  /** Bytes written so far. */
  offset: number;
  /** Number of the line that the next byte belongs to. */
  private line: number;
  /** The last byte was no end of line. */
  private inLine: boolean;
  private last: { stream: LogStream; at: number; line: number; offset: number } | null = null;

  constructor(start: { readonly offset: number; readonly line: number; readonly inLine: boolean }) {
    this.offset = start.offset;
    this.line = start.line;
    this.inLine = start.inLine;
  }

  /** How many lines there are, an unfinished last one included. */
  get totalLines(): number {
    return this.inLine ? this.line : this.line - 1;
  }

  get isInLine(): boolean {
    return this.inLine;
  }

  /** Counts what was written, and adds the records for it. */
  add({ stream, at, bytes, inserted }: Segment, records: Buffer[]): void {
    if (bytes.length === 0) {
      return;
    }
    if (inserted || this.needsRecord(stream, at)) {
      this.record(stream, at, inserted, records);
    }
    const start = this.offset;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, end + 1)) {
      this.line += 1;
      if (this.last !== null && this.line - this.last.line >= maxRecordLines && end + 1 < bytes.length) {
        this.offset = start + end + 1;
        this.inLine = false;
        this.record(stream, at, false, records);
      }
    }
    this.offset = start + bytes.length;
    this.inLine = bytes.at(-1) !== NEWLINE;
  }

  /** The record that says that the log was closed here. */
  complete(at: number): Buffer {
    return encodeRecord({
      offset: this.offset,
      at,
      line: this.line,
      stream: 'engine',
      continued: this.inLine,
      inserted: false,
      complete: true,
    });
  }

  private needsRecord(stream: LogStream, at: number): boolean {
    const last = this.last;
    return (
      last === null ||
      last.stream !== stream ||
      Math.abs(at - last.at) >= timeResolutionMs ||
      this.line - last.line >= maxRecordLines ||
      this.offset - last.offset >= maxRecordBytes
    );
  }

  private record(stream: LogStream, at: number, inserted: boolean, records: Buffer[]): void {
    const { line, offset } = this;
    records.push(encodeRecord({ offset, at, line, stream, continued: this.inLine, inserted, complete: false }));
    this.last = { stream, at, line, offset };
  }
}
