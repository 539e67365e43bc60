import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Numbers of errors, as Linux has them. */
export const errors = { EIO: 5, EAGAIN: 11, ENOMEM: 12, EMFILE: 24, ENOSPC: 28, EROFS: 30 } as const;

/** Which calls fail. `fork` fails for any program that it starts, the others on files of the database. */
export type FailingCall = 'write' | 'flush' | 'truncate' | 'open' | 'fork';

/** A library that makes calls of a process fail while a test says so; see `failing-disk.c`. */
export class FailingDisk {
  readonly #folder = mkdtempSync(join(tmpdir(), 'signalbox-disk-'));

  /** Builds it. @returns why that is impossible here; null: it is built. */
  build(): string | null {
    if (process.platform !== 'linux') return 'it needs Linux';
    const source = join(import.meta.dirname, 'failing-disk.c');
    const built = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', this.#library, source, '-ldl']);
    if (built.error !== undefined) return 'there is no C compiler here';
    return built.status === 0 && existsSync(this.#library) ? null : `the compiler said: ${String(built.stderr)}`;
  }

  /** What a process needs in its environment. */
  get env(): Readonly<Record<string, string>> {
    return { LD_PRELOAD: this.#library, FAILING_DISK: this.#control };
  }

  /** From now on so many calls pass, then so many fail. */
  fail(call: FailingCall, error: keyof typeof errors, pass: number, times: number): void {
    writeFileSync(this.#control, `${call} ${errors[error]} ${pass} ${times}\n`);
  }

  /** Nothing fails any more. */
  mend(): void {
    writeFileSync(this.#control, 'none 0 0 0\n');
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #library(): string {
    return join(this.#folder, 'failing-disk.so');
  }

  get #control(): string {
    return join(this.#folder, 'control');
  }
}
