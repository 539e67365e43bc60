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

/** Numbers of cut lines that are told. */
const maxCutLines = 5;

/** Text for the clipboard. */
export interface CopiedText {
  readonly text: string;
  /** Numbers of its lines that go on in the log, where they were too long to be shown. */
  readonly cutLines: readonly number[];
}

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
): Promise<Result<CopiedText, ApiError>> {
  const texts: string[] = [];
  const cutLines: number[] = [];
  let length = 0;
  for (const [source, { attemptId, totalLines }] of sources.entries()) {
    if (source < from.source || source > to.source) continue;
    const log: SelectedLog = {
      attemptId,
      from: source === from.source && from.line > 0 ? from : { line: 1, offset: 0 },
      to: source === to.source ? to : { line: totalLines, offset: Number.POSITIVE_INFINITY },
    };
    for await (const line of selectedLines(log, read)) {
      if (!line.ok) return line;
      const { text, number, isCut } = line.value;
      texts.push(text);
      if (isCut) cutLines.push(number);
      length += text.length + 1;
      if (length > maxCopyLength) return tooMuch();
    }
  }
  return ok({ text: texts.join('\n'), cutLines });
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
      yield ok({ number, text: printed.slice(start, end), isCut: cut && end >= printed.length });
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

/** What is missing in a copy, and where it is; null when nothing is. */
export function missingIn({ cutLines }: CopiedText): string | null {
  if (cutLines.length === 0) return null;
  const numbers = cutLines.slice(0, maxCutLines).join(', ');
  const more = cutLines.length > maxCutLines ? ` and ${cutLines.length - maxCutLines} more` : '';
  const which = cutLines.length === 1 ? `Line ${numbers} is` : `Lines ${numbers}${more} are`;
  return `${which} too long to be shown and copied whole. Download the whole log for the rest.`;
}
