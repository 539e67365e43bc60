/** A line without its end of line. `cutBytes`: how much of it was thrown away, because it was longer than the limit. */
export interface Line {
  readonly text: string;
  readonly cutBytes: number;
}

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/**
 * Makes lines of the chunks of a byte stream. Holds at most `maxBytes` of an unfinished line, so that an agent that
 * never prints an end of line costs no more than that. A line is decoded as a whole: a character that was split
 * between two chunks is intact, and bytes that are no UTF-8 become U+FFFD. `\n` and `\r\n` both end a line.
 */
export class LineReader {
  private readonly maxBytes: number;
  private held: Buffer[] = [];
  private heldBytes = 0;
  private cutBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** @returns the lines that this chunk completes. */
  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.hold(chunk.subarray(start, end));
      lines.push(this.take());
      start = end + 1;
    }
    this.hold(chunk.subarray(start));
    return lines;
  }

  /** @returns the unfinished last line, null when there is none. */
  end(): Line | null {
    return this.heldBytes === 0 ? null : this.take();
  }

  private hold(part: Buffer): void {
    const room = this.maxBytes - this.heldBytes;
    const kept = part.subarray(0, room);
    this.cutBytes += part.length - kept.length;
    if (kept.length > 0) {
      this.held.push(kept);
      this.heldBytes += kept.length;
    }
  }

  private take(): Line {
    const [first] = this.held;
    const bytes = this.held.length === 1 && first !== undefined ? first : Buffer.concat(this.held, this.heldBytes);
    const length = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
    const line = { text: bytes.toString('utf8', 0, length), cutBytes: this.cutBytes };
    this.held = [];
    this.heldBytes = 0;
    this.cutBytes = 0;
    return line;
  }
}
