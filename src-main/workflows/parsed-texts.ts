import type { Problem } from '../contract/errors.ts';
import { hashOf } from './file-texts.ts';
import type { ParsedWorkflow } from './parse-workflow.ts';
import { SizedCache } from './sized-cache.ts';
import type { TextChecker } from './text-checker.ts';

/** Of how much text the parsed workflows are kept, in UTF-16 code units: they take several times as much memory. */
const maxParsed = 4_000_000;
/** For so long it counts that a text could not be checked: a view asks again and again, and each time costs seconds. */
const givenUpMs = 60_000;
/** Texts that could not be checked and are remembered; there should be none. */
const maxGivenUp = 100;

export interface ParsedTextsDeps {
  readonly checker: TextChecker;
  /** A clock that only goes forward, ms. */
  readonly now: () => number;
}

/**
 * Parses texts, and keeps what came of them.
 * @returns parses one, for the agent types that there are (null: not known). It never rejects; a text that cannot be checked has that as its problem.
 */
export function createParsedTexts({ checker, now }: ParsedTextsDeps) {
  const parsed = new SizedCache<ParsedWorkflow>(maxParsed);
  const givenUp = new SizedCache<{ readonly parsed: ParsedWorkflow; readonly until: number }>(maxGivenUp);
  const underWay = new Map<string, Promise<ParsedWorkflow>>();

  /** A text that was parsed before, or is just now, against the same agent types, is not parsed again. */
  return async (text: string, types: readonly string[] | null): Promise<ParsedWorkflow> => {
    const key = JSON.stringify([hashOf(text), types]);
    const known = parsed.get(key);
    if (known !== undefined) return known;
    const failed = givenUp.get(key);
    if (failed !== undefined && now() < failed.until) return failed.parsed;
    const fresh = underWay.get(key) ?? parse(key, text, types).finally(() => underWay.delete(key));
    underWay.set(key, fresh);
    return fresh;
  };

  async function parse(key: string, text: string, types: readonly string[] | null): Promise<ParsedWorkflow> {
    const checked = await checker.check(text, types);
    if (checked.ok) {
      parsed.set(key, checked.value, text.length);
      return checked.value;
    }
    const problem: Problem = { severity: 'error', message: checked.error, line: 1, column: 1, path: '' };
    const unknown = { name: null, definition: null, problems: [problem] };
    givenUp.set(key, { parsed: unknown, until: now() + givenUpMs }, 1);
    return unknown;
  }
}
