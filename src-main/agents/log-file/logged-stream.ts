import type { LogStream } from '../../contract/log.ts';
import type { Secrets } from '../secrets.ts';
import type { LogFile } from './log-file.ts';
import { RedactingStream } from './redacting-stream.ts';

const NEWLINE = 10;
/** A line that is longer is written in parts. */
const maxHeldBytes = 64 * 1024;
/** An unfinished line is written after this long, so that a prompt can be read while its process waits. */
const holdMs = 250;

export interface LoggedStreamOptions {
  readonly stream: LogStream;
  readonly secrets: () => Secrets;
  /** Where its output belongs now; null: nowhere. Asked for each piece. */
  readonly log: () => LogFile | null;
}

/**
 * One output stream of a process on its way into a log: held back to whole lines, so that two streams do not mix
 * within a line, and cleaned of secrets.
 */
export class LoggedStream {
  private readonly options: LoggedStreamOptions;
  private readonly redacting: RedactingStream;
  private held: Buffer[] = [];
  private heldBytes = 0;
  private timer: NodeJS.Timeout | null = null;
  /** Something new was held back since the timer was set. */
  private moved = false;

  constructor(options: LoggedStreamOptions) {
    this.options = options;
    this.redacting = new RedactingStream(options.secrets);
  }

  push(chunk: Buffer): void {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      this.hold(chunk);
      return;
    }
    let begin = 0;
    if (this.heldBytes > 0) {
      // Only the line that was held back has to be copied together.
      begin = chunk.indexOf(NEWLINE) + 1;
      this.write(this.redacting.lines(this.take(chunk.subarray(0, begin))));
    }
    if (end > begin) {
      this.write(this.redacting.lines(chunk.subarray(begin, end)));
    }
    if (end < chunk.length) {
      // Copied, so that a few held bytes do not keep the whole chunk in memory.
      this.hold(Buffer.from(chunk.subarray(end)));
    }
  }

  /** Writes what was held back; the stream has ended, or goes on into another log. */
  end(): void {
    if (this.timer !== null) {
      clearTimeout(this.timer);
      this.timer = null;
    }
    if (this.heldBytes > 0) {
      this.write(this.redacting.lines(this.take()));
    }
  }

  private hold(part: Buffer): void {
    this.held.push(part);
    this.heldBytes += part.length;
    if (this.heldBytes >= maxHeldBytes) {
      this.writeBeginning();
    }
    if (this.heldBytes > 0) {
      this.moved = true;
      this.timer ??= setTimeout(() => this.waited(), holdMs);
    }
  }

  private waited(): void {
    this.timer = null;
    if (this.heldBytes === 0) {
      return;
    }
    if (this.moved) {
      this.moved = false;
      this.timer = setTimeout(() => this.waited(), holdMs);
    } else {
      this.writeBeginning();
    }
  }

  private writeBeginning(): void {
    const { out, held } = this.redacting.beginning(this.take());
    this.write(out);
    if (held.length > 0) {
      this.held = [held];
      this.heldBytes = held.length;
    }
  }

  private write(bytes: Buffer): void {
    this.options.log()?.append(this, this.options.stream, bytes);
  }

  private take(rest?: Buffer): Buffer {
    const parts = rest === undefined ? this.held : [...this.held, rest];
    const [only] = parts;
    const bytes = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
    this.held = [];
    this.heldBytes = 0;
    return bytes;
  }
}
