import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Held } from '../properties.ts';
import { held } from '../properties.ts';

/** What an agent is known to have printed in an attempt, as the log must have it. */
export interface Printed {
  readonly attemptId: string;
  /** Bytes, by the log's rules: without what secrets were replaced by. */
  readonly bytes: number;
  /** Bytes of which an event or a log line says that they were dropped. */
  readonly dropped: number;
  /** Pieces that must be in the log, as they were printed. */
  readonly pieces?: readonly Buffer[];
}

/**
 * P9: the log of each attempt has at least the bytes that were printed, less those that a record says were dropped,
 * and every piece that was named. A log may have more: what Signalbox says of the attempt itself.
 */
export function everyByteLogged(dataFolder: string, printed: readonly Printed[]): Held {
  const violations: string[] = [];
  for (const { attemptId, bytes, dropped, pieces = [] } of printed) {
    const log = readFileSync(join(dataFolder, 'logs', `${attemptId}.log`));
    if (log.length < bytes - dropped) {
      violations.push(
        `The log of ${attemptId} has ${log.length} of ${bytes} bytes; ${dropped} were said to be dropped.`,
      );
    }
    for (const piece of pieces) {
      if (log.includes(piece)) continue;
      violations.push(`The log of ${attemptId} has no ${JSON.stringify(piece.toString('latin1'))}.`);
    }
  }
  return held(
    'P9',
    printed.reduce((sum, { bytes }) => sum + bytes, 0),
    violations,
  );
}

/** The files of a folder by their path in it, each with its size and time: what a write would change. */
export type FolderSnapshot = ReadonlyMap<string, string>;

/** Looks at every file and link below a folder; none is followed. */
export function snapshotOf(folder: string): FolderSnapshot {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile()) return [relative(folder, path), entry.isDirectory() ? 'folder' : 'other'];
      const { size, mtimeMs } = statSync(path);
      return [relative(folder, path), `${size} bytes at ${mtimeMs}`];
    }),
  );
}

/** P11: nothing around a workspace was made, changed or deleted. @param before see {@link snapshotOf}. */
export function nothingChangedOutside(before: FolderSnapshot, after: FolderSnapshot): Held {
  const violations = [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [was, is] = [before.get(path), after.get(path)];
    return was === is ? [] : [`${path} was ${was ?? 'not there'} and is ${is ?? 'not there'}.`];
  });
  return held('P11', before.size, violations);
}

/** Sequences to which a terminal or a page would do more than show text or colour. */
const powers: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  { name: 'a control sequence that is no colour', pattern: /\u001b(?!\[[\d;:]*m)/ },
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  { name: 'a control character', pattern: /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u007f\u0080-\u009f]/ },
  { name: 'an override of the direction of text', pattern: /[\u202a-\u202e\u2066-\u2069]/ },
  { name: 'an element that runs or loads something', pattern: /<(script|iframe|img|object|embed|svg|link|style)\b/i },
  { name: 'an address that runs something', pattern: /(href|src)\s*=\s*["']?\s*(javascript|data|vbscript):/i },
];

/**
 * P12: text as it is shown has no power over what shows it.
 * @param shown by name: what reached a terminal, or the HTML of a page. HTML in a terminal is text, and is not given.
 */
export function withoutPower(
  shown: ReadonlyMap<string, { readonly on: 'terminal' | 'page'; readonly text: string }>,
): Held {
  const violations = [...shown].flatMap(([name, { on, text }]) =>
    powers
      .filter(({ pattern }, index) => (on === 'page' || index < 3) && pattern.test(text))
      .map((power) => `${name} has ${power.name}.`),
  );
  return held('P12', shown.size, violations);
}
