import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { SpawnRequest } from '../agent-host.ts';
import type { Line } from '../line-reader.ts';
import { LineReader } from '../line-reader.ts';
import type { LogBook } from '../log-file/log-book.ts';
import type { LogFile } from '../log-file/log-file.ts';
import { LoggedStream } from '../log-file/logged-stream.ts';
import type { Secrets } from '../secrets.ts';
import type { HostReport, ProcessStream } from './protocol.ts';
import { lineCreditBytes } from './protocol.ts';

/** The longest line of a protocol; a task's outputs may have 4 MiB as JSON, in a message that quotes them again. */
const maxProtocolLine = 32 * 1024 * 1024;
/** So much of the end of stderr is kept for failures. */
const lastWordsBytes = 2_048;
/** After the process ended, somebody who still holds its pipe may be silent for this long before we stop listening. */
const silenceMs = 500;
/** A disk that takes nothing for this long is given up on. */
const maxDrainMs = 30_000;
const lookEveryMs = 50;

export interface ChildOutputOptions {
  readonly child: ChildProcess;
  readonly request: SpawnRequest;
  readonly logs: LogBook;
  readonly secrets: () => Secrets;
  readonly report: (report: HostReport) => void;
}

/** What one process prints: into its log, or line by line to the main process. */
export class ChildOutput {
  private readonly options: ChildOutputOptions;
  private readonly streams: LoggedStream[] = [];
  private readonly lines = new LineReader(maxProtocolLine);
  private log: LogFile | null;
  private open = 0;
  private received = 0;
  /** Protocol output since the last message, and in messages that the main process has not handled yet. */
  private unsentBytes = 0;
  private unhandledBytes = 0;
  private waitsForDisk = false;
  /** Called when the last stream has closed. */
  private closed: () => void = () => undefined;
  private lastError: Buffer = Buffer.alloc(0);

  constructor(options: ChildOutputOptions) {
    const { child, request, logs } = options;
    this.options = options;
    this.log = request.log === null ? null : logs.file(request.log);
    this.listen(child.stderr, 'stderr');
    if (request.stdout === 'log') {
      this.listen(child.stdout, 'stdout');
    } else {
      this.listenForLines(child.stdout);
    }
  }

  attachLog(log: string | null): void {
    for (const stream of this.streams) {
      stream.end();
    }
    this.log = log === null ? null : this.options.logs.file(log);
  }

  /** The main process has handled so many bytes of protocol output. */
  handled(bytes: number): void {
    this.unhandledBytes -= bytes;
    if (this.unhandledBytes < lineCreditBytes) {
      this.options.child.stdout?.resume();
    }
  }

  /**
   * Waits until everything that was printed is in the log. Normally the streams end with the process; if somebody
   * whom we do not know holds them open, then until nothing comes any more.
   */
  async drain(): Promise<void> {
    const deadline = performance.now() + maxDrainMs;
    let before = -1;
    let silentSince = performance.now();
    while (this.open > 0 && performance.now() < deadline && performance.now() - silentSince < silenceMs) {
      await this.closedOrLater(lookEveryMs);
      if (this.received !== before || this.waitsForDisk) {
        before = this.received;
        silentSince = performance.now();
      }
    }
    this.options.child.stdout?.destroy();
    this.options.child.stderr?.destroy();
    for (const stream of this.streams) {
      stream.end();
    }
    await this.log?.flush();
  }

  /** The end of stderr as text, without secrets. */
  lastWords(): string {
    const bytes = this.lastError.subarray(-2 * lastWordsBytes);
    // A word that was cut could be the end of a secret.
    const text =
      bytes.length < this.lastError.length ? bytes.toString('latin1').replace(/^\S*/, '') : bytes.toString('latin1');
    const clean = Buffer.from(this.options.secrets().redact(text), 'latin1').subarray(-lastWordsBytes);
    return clean.toString('utf8').trim();
  }

  private listen(source: Readable | null, stream: ProcessStream): void {
    const logged = new LoggedStream({ stream, secrets: this.options.secrets, log: () => this.log });
    this.streams.push(logged);
    this.watch(source, (chunk) => {
      logged.push(chunk);
      if (stream === 'stderr') {
        this.remember(chunk);
      }
      if (this.log?.isFull === true && !this.waitsForDisk) {
        this.waitForDisk(this.log);
      }
    });
  }

  private listenForLines(source: Readable | null): void {
    this.watch(
      source,
      (chunk) => {
        this.unsentBytes += chunk.length;
        this.send(this.lines.push(chunk));
        if (this.unhandledBytes >= lineCreditBytes) {
          source?.pause();
        }
      },
      () => {
        const last = this.lines.end();
        this.send(last === null ? [] : [last]);
      },
    );
  }

  private send(lines: readonly Line[]): void {
    if (lines.length === 0) {
      return;
    }
    this.unhandledBytes += this.unsentBytes;
    this.options.report({
      kind: 'lines',
      key: this.options.request.key,
      lines: lines.map(({ text }) => text),
      cut: lines.flatMap(({ cutBytes }, index) => (cutBytes > 0 ? [[index, cutBytes] as const] : [])),
      bytes: this.unsentBytes,
    });
    this.unsentBytes = 0;
  }

  private watch(source: Readable | null, receive: (chunk: Buffer) => void, ended?: () => void): void {
    if (source === null) {
      return;
    }
    this.open += 1;
    source.on('data', (chunk: Buffer) => {
      this.received += chunk.length;
      receive(chunk);
    });
    source.once('end', () => ended?.());
    source.once('close', () => {
      this.open -= 1;
      if (this.open === 0) {
        this.closed();
      }
    });
    source.on('error', () => source.destroy());
  }

  private closedOrLater(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.closed = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private waitForDisk(log: LogFile): void {
    this.waitsForDisk = true;
    const sources = this.options.request.stdout === 'log' ? (['stdout', 'stderr'] as const) : (['stderr'] as const);
    for (const source of sources) {
      this.options.child[source]?.pause();
    }
    log.whenRelaxed(() => {
      this.waitsForDisk = false;
      for (const source of sources) {
        this.options.child[source]?.resume();
      }
    });
  }

  private remember(chunk: Buffer): void {
    const kept = 2 * lastWordsBytes + 1;
    this.lastError = Buffer.concat([this.lastError, chunk.subarray(-kept)]).subarray(-kept);
  }
}
