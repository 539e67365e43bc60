import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { LogStream } from '../../contract/log.ts';
import type { Segment } from './index-builder.ts';
import { IndexBuilder } from './index-builder.ts';
import { indexHeader, indexPath, recordBytes } from './log-index.ts';
import { countLines } from './read-lines.ts';
import { usableIndex } from './scan-index.ts';

/** What is needed of a file to append to it. */
export type AppendableFile = Pick<FileHandle, 'writev' | 'truncate' | 'datasync' | 'close' | 'stat' | 'read'>;
/** Opens a file for reading and appending, making it when there is none. */
export type OpenFile = (path: string) => Promise<AppendableFile>;

export const openForAppending: OpenFile = (path) =>
  open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);

export interface LogFileOptions {
  readonly path: string;
  readonly open: OpenFile;
  /** Wall clock, ms. */
  readonly now: () => number;
  readonly grown: (totalLines: number) => void;
  /** After the disk took output again, or at the end: how many bytes it had not taken. */
  readonly dropped: (bytes: number) => void;
  /** The disk does not take output; told once per outage. */
  readonly trouble: (reason: string) => void;
}

/** Above so many unwritten bytes those who print should wait … */
const fullBytes = 4 * 1024 * 1024;
/** … until there are no more than these. */
const relaxedBytes = 1024 * 1024;
/** Small pieces are joined when there are more than these, since each costs more than its copy. */
const maxPieces = 64;

/** A write waits for more until there is this much, but not for longer than this. */
const worthWritingBytes = 256 * 1024;
const gatherMs = 4;

/** Who is in the middle of a line: any value that is the same for the same printer. */
export type Printer = object;

/**
 * Appends to one log and its index. What is appended while a write is under way goes into the next one, so that a
 * flood is written in large pieces. A full disk loses output but never stops anything: it is counted, and told.
 */
export class LogFile {
  private readonly options: LogFileOptions;
  private files: {
    readonly log: AppendableFile;
    readonly index: AppendableFile;
    readonly builder: IndexBuilder;
  } | null = null;
  private pending: Segment[] = [];
  private pendingBytes = 0;
  private writing: Promise<void> | null = null;
  private gathering: NodeJS.Timeout | null = null;
  private midLine: { readonly printer: Printer; readonly stream: LogStream } | null = null;
  private waiting: (() => void)[] = [];
  private lost = 0;
  private lostReason: string | null = null;

  constructor(options: LogFileOptions) {
    this.options = options;
  }

  /** Appends what a printer printed. Another printer's unfinished line is ended first, so that lines never mix. */
  append(printer: Printer, stream: LogStream, bytes: Buffer): void {
    if (bytes.length === 0) {
      return;
    }
    const at = this.options.now();
    if (this.midLine !== null && this.midLine.printer !== printer) {
      this.push({ stream: this.midLine.stream, at, bytes: Buffer.from('\n'), inserted: true });
    }
    this.push({ stream, at, bytes, inserted: false });
    this.midLine = bytes.at(-1) === 10 ? null : { printer, stream };
    if (this.pendingBytes >= worthWritingBytes) {
      this.startWriting();
    } else if (this.writing === null) {
      this.gathering ??= setTimeout(() => this.startWriting(), gatherMs);
    }
  }

  /** Whether those who print should wait for {@link whenRelaxed}. */
  get isFull(): boolean {
    return this.pendingBytes > fullBytes;
  }

  /** Calls back once, when printing may go on. */
  whenRelaxed(callback: () => void): void {
    this.waiting.push(callback);
  }

  /** Resolves when everything appended so far was written or lost. */
  async flush(): Promise<void> {
    if (this.pending.length > 0) {
      this.startWriting();
    }
    while (this.writing !== null) {
      await this.writing;
    }
  }

  /** Writes what is left, makes it durable, and closes. The next append opens the log again. */
  async close(): Promise<number> {
    await this.flush();
    try {
      if (this.files === null && (await this.isEmpty())) {
        return 0;
      }
      const { log, index, builder } = await this.openFiles();
      this.files = null;
      try {
        await index.writev([builder.complete(this.options.now())]);
        await log.datasync();
        await index.datasync();
      } finally {
        await Promise.all([log.close(), index.close()]);
      }
      return builder.totalLines;
    } catch (error) {
      this.options.trouble(reasonOf(error));
      return 0;
    } finally {
      this.tellLost();
    }
  }

  /** Makes the log if it is not there. One that is empty needs no index, and nothing of it has to be made durable. */
  private async isEmpty(): Promise<boolean> {
    const log = await this.options.open(this.options.path);
    try {
      return (await log.stat()).size === 0;
    } finally {
      await log.close();
    }
  }

  private push(segment: Segment): void {
    this.pending.push(segment);
    this.pendingBytes += segment.bytes.length;
  }

  private startWriting(): void {
    clearTimeout(this.gathering ?? undefined);
    this.gathering = null;
    this.writing ??= this.writeAll();
  }

  private async writeAll(): Promise<void> {
    while (this.pending.length > 0) {
      const batch = this.pending;
      this.pending = [];
      await this.writeBatch(batch);
      this.pendingBytes -= lengthOf(batch);
      if (this.pendingBytes <= relaxedBytes) {
        for (const callback of this.waiting.splice(0)) {
          callback();
        }
      }
    }
    this.writing = null;
  }

  private async writeBatch(batch: readonly Segment[]): Promise<void> {
    let written = 0;
    const segments = this.lost > 0 ? [...this.lossNote(), ...batch] : batch;
    const noteBytes = lengthOf(segments) - lengthOf(batch);
    try {
      const files = await this.openFiles();
      while (written < lengthOf(segments)) {
        const rest = segmentsFrom(segments, written);
        const { bytesWritten } = await files.log.writev(pieces(rest));
        await this.indexWritten(files, segmentsUpTo(rest, bytesWritten));
        written += bytesWritten;
      }
      this.tellLost();
    } catch (error) {
      this.lose(lengthOf(segments) - Math.max(written, noteBytes), reasonOf(error));
    }
    if (this.files !== null && written > 0) {
      this.options.grown(this.files.builder.totalLines);
    }
  }

  private async indexWritten(files: NonNullable<LogFile['files']>, segments: readonly Segment[]): Promise<void> {
    const records: Buffer[] = [];
    for (const segment of segments) {
      files.builder.add(segment, records);
    }
    if (records.length > 0) {
      // A log without a whole index can be read; output that is lost cannot.
      await files.index.writev([Buffer.concat(records)]).catch((error) => this.options.trouble(reasonOf(error)));
    }
  }

  private async openFiles(): Promise<NonNullable<LogFile['files']>> {
    if (this.files !== null) {
      return this.files;
    }
    const log = await this.options.open(this.options.path);
    let index: AppendableFile | null = null;
    try {
      index = await this.options.open(indexPath(this.options.path));
      const { size } = await log.stat();
      const builder = await resumeBuilder(log, index, size);
      this.files = { log, index, builder };
      return this.files;
    } catch (error) {
      await Promise.all([log.close(), index?.close()]);
      throw error;
    }
  }

  /** What is written where output was lost, so that a reader of the log sees the gap. */
  private lossNote(): Segment[] {
    const newline = this.files?.builder.isInLine === true ? '\n' : '';
    const text = `${newline}[${this.lost} bytes of output are missing here: ${this.lostReason}]\n`;
    return [{ stream: 'engine', at: this.options.now(), bytes: Buffer.from(text), inserted: false }];
  }

  private lose(bytes: number, reason: string): void {
    if (this.lost === 0) {
      this.options.trouble(reason);
    }
    this.lost += bytes;
    this.lostReason = reason;
  }

  private tellLost(): void {
    if (this.lost > 0) {
      this.options.dropped(this.lost);
      this.lost = 0;
    }
  }
}

/** Where the index of a log has to go on. A new index gets its header; half a record, left by a crash, is cut off. */
async function resumeBuilder(log: AppendableFile, index: AppendableFile, size: number): Promise<IndexBuilder> {
  const { size: indexSize } = await index.stat();
  if (indexSize < recordBytes) {
    await index.truncate(0);
    await index.writev([indexHeader]);
  } else if (indexSize % recordBytes !== 0) {
    await index.truncate(indexSize - (indexSize % recordBytes));
  }
  if (size === 0) {
    return new IndexBuilder({ offset: 0, line: 1, inLine: false });
  }
  const total = await countLines({ file: log, size, index: await usableIndex(index, log, size) });
  const lastByte = Buffer.alloc(1);
  await log.read(lastByte, 0, 1, size - 1);
  if (lastByte[0] !== 10) {
    // Whoever left this line unfinished will not go on with it.
    await log.writev([Buffer.from('\n')]);
    return new IndexBuilder({ offset: size + 1, line: total + 1, inLine: false });
  }
  return new IndexBuilder({ offset: size, line: total + 1, inLine: false });
}

function lengthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function pieces(segments: readonly Segment[]): Buffer[] {
  const buffers = segments.map(({ bytes }) => bytes);
  return buffers.length > maxPieces ? [Buffer.concat(buffers)] : buffers;
}

function segmentsUpTo(segments: readonly Segment[], length: number): Segment[] {
  let left = length;
  return segments.flatMap((segment) => {
    const bytes = segment.bytes.subarray(0, Math.max(0, left));
    left -= segment.bytes.length;
    return bytes.length === 0 ? [] : [{ ...segment, bytes }];
  });
}

function segmentsFrom(segments: readonly Segment[], skipped: number): readonly Segment[] {
  let left = skipped;
  return skipped === 0
    ? segments
    : segments.flatMap((segment) => {
        const bytes = segment.bytes.subarray(Math.min(segment.bytes.length, Math.max(0, left)));
        left -= segment.bytes.length;
        return bytes.length === 0 ? [] : [{ ...segment, bytes }];
      });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
