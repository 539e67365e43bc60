import type { LogEntry } from '../agent-host.ts';
import type { Secrets } from '../secrets.ts';
import type { OpenFile } from './log-file.ts';
import { LogFile } from './log-file.ts';
import { RedactingStream } from './redacting-stream.ts';

const tellEveryMs = 100;

export interface LogBookOptions {
  readonly open: OpenFile;
  readonly now: () => number;
  readonly secrets: () => Secrets;
  /** Logs that have grown, with the number of their lines; about ten times a second at most. */
  readonly grown: (logs: readonly (readonly [log: string, totalLines: number])[]) => void;
  readonly dropped: (log: string, bytes: number) => void;
  readonly trouble: (message: string) => void;
}

/** All logs that are open for writing. */
export class LogBook {
  private readonly options: LogBookOptions;
  private readonly files = new Map<string, LogFile>();
  private readonly grown = new Map<string, number>();
  private timer: NodeJS.Timeout | null = null;

  constructor(options: LogBookOptions) {
    this.options = options;
  }

  /** The log of this path; its files are opened with the first append. */
  file(path: string): LogFile {
    const open = this.files.get(path);
    if (open !== undefined) {
      return open;
    }
    const file = new LogFile({
      path,
      open: this.options.open,
      now: this.options.now,
      grown: (totalLines) => this.noteGrown(path, totalLines),
      dropped: (bytes) => this.options.dropped(path, bytes),
      trouble: (reason) => this.options.trouble(`The log ${path} cannot be written: ${reason}.`),
    });
    this.files.set(path, file);
    return file;
  }

  /** Appends entries, each with its own stream; a text without an end of line gets one. */
  append(path: string, entries: readonly LogEntry[]): void {
    const file = this.file(path);
    for (const { stream, text } of entries) {
      const bytes = Buffer.from(text.endsWith('\n') ? text : `${text}\n`);
      file.append(file, stream, new RedactingStream(this.options.secrets).lines(bytes));
    }
  }

  /** See {@link LogFile.close}. @returns the number of its lines. */
  async close(path: string): Promise<number> {
    const totalLines = await this.file(path).close();
    this.files.delete(path);
    this.tell();
    return totalLines;
  }

  /** Closes every log. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.files.keys()].map((path) => this.close(path)));
  }

  private noteGrown(path: string, totalLines: number): void {
    this.grown.set(path, totalLines);
    if (this.timer === null) {
      this.tell();
      this.timer = setTimeout(() => this.pause(), tellEveryMs);
    }
  }

  private pause(): void {
    this.timer = null;
    if (this.grown.size > 0) {
      this.tell();
      this.timer = setTimeout(() => this.pause(), tellEveryMs);
    }
  }

  /** Tells at once what has grown, where something is about to be told that comes after it. */
  tell(): void {
    if (this.grown.size > 0) {
      this.options.grown([...this.grown]);
      this.grown.clear();
    }
  }
}
