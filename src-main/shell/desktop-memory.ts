import { readFileSync, writeFileSync } from 'node:fs';

/** What the desktop remembers of the person from one start to the next. */
export interface Remembered {
  /** When a window was in front last, ms since the epoch: what failed after that is news. */
  readonly lookedAt: number;
  /** Whether it was explained that closing the window leaves Signalbox in the tray. */
  readonly isClosingExplained: boolean;
}

/** The memory of the desktop, kept in a file of its own. */
export interface DesktopMemory {
  read(): Remembered;
  /** Changes what is named. A disk that takes nothing costs only the memory. */
  write(change: Partial<Remembered>): void;
}

/** @param now what counts as looked at when nothing is remembered: a first start has no news. */
export function openDesktopMemory(path: string, now: number): DesktopMemory {
  let remembered = readMemory(path) ?? { lookedAt: now, isClosingExplained: false };
  return {
    read: () => remembered,
    write(change) {
      remembered = { ...remembered, ...change };
      try {
        writeFileSync(path, JSON.stringify(remembered));
      } catch {
        // It holds until the end of this process.
      }
    },
  };
}

function readMemory(path: string): Remembered | null {
  try {
    const { lookedAt, isClosingExplained } = JSON.parse(readFileSync(path, 'utf8'));
    const isWhole = Number.isSafeInteger(lookedAt) && typeof isClosingExplained === 'boolean';
    return isWhole ? { lookedAt, isClosingExplained } : null;
  } catch {
    return null;
  }
}
