import type { ApiError } from '../../../src-main/contract/errors.ts';
import { refuse } from '../../../src-main/contract/errors.ts';
import type { Result } from '../../../src-main/contract/result.ts';
import { ok } from '../../../src-main/contract/result.ts';
import type { TextPlace } from './log-selection.ts';
import type { ReadLog } from './page-cache.ts';
import { plainText } from './printed-text.ts';

/** More than this, in UTF-16 code units, does not go to the clipboard. */
export const maxCopyLength = 20_000_000;
const linesAtOnce = 2_000;

/**
 * The selected text, exactly as it was printed: no numbers, no marks, no escape sequences. It is read from the engine
 * in pages, since only a small part of a selection is ever in the window.
 */
export async function textBetween(
  from: TextPlace,
  to: TextPlace,
  sources: readonly { readonly attemptId: string; readonly totalLines: number }[],
  read: ReadLog,
): Promise<Result<string, ApiError>> {
  const texts: string[] = [];
  let length = 0;
  for (let source = from.source; source <= to.source; source += 1) {
    const log = sources[source];
    if (log === undefined) break;
    const first = source === from.source ? Math.max(from.line, 1) : 1;
    const last = source === to.source ? Math.min(to.line, log.totalLines) : log.totalLines;
    for (let line = first; line <= last; ) {
      const answer = await read(log.attemptId, line, Math.min(linesAtOnce, last - line + 1));
      if (!answer.ok) return answer;
      for (const { number, text, cut } of answer.value.lines) {
        if (cut) return cutLine(number);
        const printed = plainText(text);
        const end = source === to.source && number === to.line ? to.offset : printed.length;
        const start = source === from.source && number === from.line ? from.offset : 0;
        texts.push(printed.slice(start, end));
        length += end - start + 1;
      }
      if (length > maxCopyLength) return tooMuch();
      if (answer.value.lines.length === 0) break;
      line += answer.value.lines.length;
    }
  }
  return ok(texts.join('\n'));
}

function tooMuch() {
  return refuse(
    'refused',
    'The selection is longer than 20 million characters, which is too much for the clipboard.',
    'Download the whole log instead, or select less.',
  );
}

function cutLine(number: number) {
  return refuse(
    'refused',
    `Line ${number} is too long to be shown, so it cannot be copied exactly.`,
    'Download the whole log, or select the lines around it.',
  );
}
