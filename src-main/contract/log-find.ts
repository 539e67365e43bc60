import type { z } from 'zod';
import type { logEntries } from './api-logs.ts';

/** What is looked for in a log. */
export type LogFind = z.infer<typeof logEntries.searchLog.input>['find'];

/**
 * What to look for within one line, as it is without escape sequences. Both sides use it: the engine to find lines,
 * a window to mark what was found in them. Global, so that all places of a line can be found; a `test` has to set
 * `lastIndex` first.
 *
 * A pattern is read in Unicode mode (`\p{L}`) where it is valid there, otherwise in the older, more lenient one.
 *
 * @throws SyntaxError when the pattern is none; its message says why
 */
export function compileFind(find: LogFind): RegExp {
  if (find.kind === 'error') return new RegExp(errorSigns.source, 'gi');
  const flags = find.caseSensitive ? 'g' : 'gi';
  if (find.kind === 'text') return new RegExp(find.text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), flags);
  try {
    return new RegExp(find.pattern, `${flags}u`);
  } catch {
    return new RegExp(find.pattern, flags);
  }
}

/**
 * Words and marks that make a line look like an error, in any case: error(s), fatal, panic(ked), traceback,
 * exception(s), failed, failure(s), segmentation fault, core dumped, unhandled, uncaught, names that end in Error or
 * Exception (TypeError), npm's `ERR!`, and the crosses ✗ ✘ ❌. A word inside of a longer one, of a path or of a file's
 * name does not count, nor does one that a number or a word next to it denies, see {@link deniedErrors}.
 *
 * Each alternative is bounded, so that a line costs no more than its length.
 */
export const errorSigns =
  /(?<![\w/\\-])(?:errors?|fatal|panic(?:ked)?|traceback|exceptions?|failed|failures?|segmentation fault|core dumped|unhandled|uncaught|\w{1,60}(?:Error|Exception))(?![\w/\\-]|\.\w)|ERR!|[✗✘❌]/i;

/** What denies an error: "0 errors", "no failures", "without error", "errors: 0", "failed=0", "error: null". */
const deniedErrors =
  /(?<![\w.])(?:0|no|without(?: any)?|zero)\s(?:[a-z]{1,20}\s)?(?:errors?|exceptions?|failed|failures?)\b|(?<!\w)(?:errors?|exceptions?|failed|failures?)["']?\s?[:=]\s?(?:0|null|none|false|undefined)\b(?![.,]\d)/gi;

/** Names like TypeError: with a capital, since "terror" is none. */
const namedError = /[a-z\d](?:Error|Exception)$/;

/** Whether a line, without its escape sequences, looks like an error. That it was printed to stderr says nothing. */
export function looksLikeError(line: string): boolean {
  const claims = line.replace(deniedErrors, '');
  for (const [sign] of claims.matchAll(allErrorSigns)) {
    if (!/\w(?:error|exception)$/i.test(sign) || namedError.test(sign)) return true;
  }
  return false;
}

const allErrorSigns = new RegExp(errorSigns.source, 'gi');
