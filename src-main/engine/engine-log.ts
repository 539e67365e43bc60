import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../core/ports.ts';

export interface EngineLogOptions {
  readonly dataFolder: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  /** Told warnings and errors besides, for a person who watches; absent: nobody does. */
  readonly show?: (level: 'warning' | 'error', message: string) => void;
  /** The size at which a new file is begun; 10 MiB unless given. */
  readonly maxBytes?: number;
}

const tenMiB = 10 * 1024 * 1024;
/** How many files there are at most, the current one included. */
const maxFiles = 3;

/** The engine's own log in a data folder. */
export function engineLogPath(dataFolder: string): string {
  return join(dataFolder, 'engine.log');
}

/**
 * The log of the engine itself: one JSON object per line, without secrets. When the file is full, the older ones move
 * up (`engine.log.1`, `engine.log.2`) and the oldest goes. Never throws: an engine does not end because it cannot
 * write its diary. Lines that could not be written are counted, and the next one that can be says how many.
 */
export function createEngineLog(options: EngineLogOptions): Logger {
  const { dataFolder, now, redact, show, maxBytes = tenMiB } = options;
  const path = engineLogPath(dataFolder);
  let size = sizeOf(path);
  let lost = 0;

  function write(level: string, message: string, facts: Readonly<Record<string, unknown>> | undefined): void {
    const text = redact(describe({ at: new Date(now()).toISOString(), level, message, ...facts }));
    const line = lost === 0 ? `${text}\n` : `${text.slice(0, -1)},"linesLostBefore":${lost}}\n`;
    const length = Buffer.byteLength(line);
    try {
      if (size > 0 && size + length > maxBytes) size = rotate(path);
      appendFileSync(path, line, { mode: 0o600 });
      size += length;
      lost = 0;
    } catch {
      lost += 1;
    }
  }

  return {
    info: (message, facts) => write('info', message, facts),
    warn(message, facts) {
      write('warning', message, facts);
      show?.('warning', redact(message));
    },
    error(message, facts) {
      write('error', message, facts);
      show?.('error', redact(message));
    },
  };
}

/** JSON of anything: errors with their stack, what JSON has no word for as a text. */
function describe(line: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(line, (_key, value: unknown) => {
      if (value instanceof Error) return value.stack ?? value.message;
      return typeof value === 'bigint' ? String(value) : value;
    });
  } catch (error) {
    const { at, level, message } = line;
    return JSON.stringify({ at, level, message, factsLost: String(error) });
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** @returns the size of the new file. */
function rotate(path: string): number {
  rmSync(`${path}.${maxFiles - 1}`, { force: true });
  for (let number = maxFiles - 2; number >= 1; number -= 1) {
    if (sizeOf(`${path}.${number}`) > 0) renameSync(`${path}.${number}`, `${path}.${number + 1}`);
  }
  renameSync(path, `${path}.1`);
  return 0;
}
