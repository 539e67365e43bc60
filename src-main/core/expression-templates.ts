/** One `${{ CEL }}` in a text. Offsets count UTF-16 code units from the start of the text. */
export interface Template {
  /** The CEL source between the braces, as written, spaces included. */
  readonly expression: string;
  /** Where the expression starts: behind the opening braces. */
  readonly offset: number;
  /** Where the opening `${{` starts, and where the text goes on behind the closing `}}`. */
  readonly start: number;
  readonly end: number;
}

const opening = '${{';

/**
 * Splits a text into its templates. Quotes and inner braces of the expression are respected, so that `}}` may stand
 * in a string or end a map. `unclosedAt` is the offset of a `${{` without its end, null when there is none.
 */
export function scanTemplates(text: string): {
  readonly templates: readonly Template[];
  readonly unclosedAt: number | null;
} {
  const templates: Template[] = [];
  let start = text.indexOf(opening);
  while (start !== -1) {
    const offset = start + opening.length;
    const close = findClose(text, offset);
    if (close === null) {
      return { templates, unclosedAt: start };
    }
    const end = close + 2;
    templates.push({ expression: text.slice(offset, close), offset, start, end });
    start = text.indexOf(opening, end);
  }
  return { templates, unclosedAt: null };
}

function findClose(text: string, from: number): number | null {
  let braces = 0;
  let quote: string | null = null;
  for (let index = from; index < text.length; index += 1) {
    const character = text[index] as string;
    if (quote !== null) {
      // An escaped character is skipped with its backslash.
      index += character === '\\' ? 1 : 0;
      quote = character === quote ? null : quote;
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (character === '{') {
      braces += 1;
    } else if (character === '}' && braces > 0) {
      braces -= 1;
    } else if (character === '}' && text[index + 1] === '}') {
      return index;
    }
  }
  return null;
}
