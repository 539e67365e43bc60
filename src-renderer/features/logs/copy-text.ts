import type { ApiError } from '../../../src-main/contract/errors.ts';
import { refuse } from '../../../src-main/contract/errors.ts';
import type { Result } from '../../../src-main/contract/result.ts';
import { ok } from '../../../src-main/contract/result.ts';
import type { TextPlace } from './log-selection.ts';
import type { ReadLog } from './page-cache.ts';
import { plainText } from './printed-text.ts';

/** More than this, in UTF-16 code units, does not go to the clipboard. */
const maxCopyLength = 20_000_000;
const linesAtOnce = 2_000;

/** A log of which a part is selected. */
interface SelectedLog {
  readonly attemptId: string;
  /** The selection's ends in it; from its first line, to its last one, where it begins or ends elsewhere. */
  readonly from: Pick<TextPlace, 'line' | 'offset'>;
  readonly to: Pick<TextPlace, 'line' | 'offset'>;
}

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
  for (const [source, { attemptId, totalLines }] of sources.entries()) {
    if (source < from.source || source > to.source) continue;
    const log: SelectedLog = {
      attemptId,
      from: source === from.source && from.line > 0 ? from : { line: 1, offset: 0 },
      to: source === to.source ? to : { line: totalLines, offset: Number.POSITIVE_INFINITY },
    };
    for await (const text of selectedLines(log, read)) {
      if (!text.ok) return text;
      texts.push(text.value);
      length += text.value.length + 1;
      if (length > maxCopyLength) return tooMuch();
    }
  }
  return ok(texts.join('\n'));
}

async function* selectedLines({ attemptId, from, to }: SelectedLog, read: ReadLog) {
  let line = from.line;
  while (line <= to.line) {
    const answer = await read(attemptId, line, Math.min(linesAtOnce, to.line - line + 1));
    if (!answer.ok) {
      yield answer;
      return;
    }
    for (const { number, text, cut } of answer.value.lines) {
      const printed = plainText(text);
      const end = number === to.line ? to.offset : Number.POSITIVE_INFINITY;
      const start = number === from.line ? from.offset : 0;
      yield cut && end >= printed.length ? cutLine(number) : ok(printed.slice(start, end));
    }
    if (answer.value.lines.length === 0) return;
    line += answer.value.lines.length;
  }
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
