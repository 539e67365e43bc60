import { needleFinder } from './needle-finder.ts';
import { compilePatterns } from './secret-patterns.ts';

/** What stands in the place of a secret. */
export const redacted = '[redacted]';

/** Parts of a value that spans lines are looked for line by line; shorter ones say nothing. */
const minValueLength = 8;
/** Of a longer value only this much is looked for. */
const maxValueLength = 16_384;
const atSign = 0x40;

/**
 * Tokens that can be told by their shape: a lead, then characters of the body. A lead only counts at the start of a
 * word, so that `task-list-of-today` is not taken for a key that begins with `sk-`.
 */
const tokens: readonly { readonly lead: string; readonly body: string; readonly least: number }[] = [
  { lead: 'sk-', body: '[\\w-]', least: 16 },
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((lead) => ({ lead, body: '\\w', least: 20 })),
  { lead: 'github_pat_', body: '\\w', least: 20 },
  { lead: 'glpat-', body: '[\\w-]', least: 16 },
  ...['xoxa-', 'xoxb-', 'xoxe-', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-'].map((lead) => ({
    lead,
    body: '[\\w-]',
    least: 10,
  })),
  { lead: 'AKIA', body: '[A-Z0-9]', least: 16 },
  { lead: 'ASIA', body: '[A-Z0-9]', least: 16 },
  { lead: 'AIza', body: '[\\w-]', least: 30 },
  { lead: 'npm_', body: '\\w', least: 30 },
  { lead: 'hf_', body: '\\w', least: 30 },
];
const wordStart = '(?<![A-Za-z0-9])';

const tokenShape = new RegExp(
  `${wordStart}(?:${tokens.map(({ lead, body, least }) => `${lead}${body}{${least},}`).join('|')})` +
    `|${wordStart}eyJ[\\w-]{8,1000}\\.[\\w-]{8,}[\\w.-]*`,
  'g',
);
const bearerShape = /\b((?:[Bb]earer|BEARER)[ \t]+)[A-Za-z0-9._~+/=-]{8,}/g;
const urlShape = /(:\/\/)[^\s/?#:@]*:[^\s/?#]*@/g;
const keyBlockShape =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g;

/** What may be the beginning of one of the shapes at the end of a text that goes on later. */
const unfinishedShapes = [
  new RegExp(`${wordStart}(?:${tokens.map(({ lead, body }) => prefixesOf(lead, `${body}*`)).join('|')})$`),
  new RegExp(`${wordStart}${prefixesOf('eyJ', '[\\w.-]*')}$`),
  new RegExp(`\\b${prefixesOf('bearer', '[ \\t]+[A-Za-z0-9._~+/=-]*|')}$`, 'i'),
  /:(?:\/(?:\/[^\s/?#]*)?)?$/,
  new RegExp(`-{1,5}(?:${prefixesOf('BEGIN', '.*')})?$`),
];

/** Strings of which at least one is part of every text that a shape matches. */
const anchors = [...tokens.map(({ lead }) => lead), ...['eyJ', 'Bearer', 'bearer', 'BEARER', 'PRIVATE KEY']];

export interface Secrets {
  /** Replaces every secret in a text. */
  redact(text: string): string;
  /**
   * For a text that goes on later: from which index on it may be the beginning of a secret. The length of the text
   * when nothing at its end is suspicious. With patterns of the user anything may be a beginning: 0.
   */
  suspectFrom(text: string): number;
  /** Whether bytes may hold a secret: a fast check, often true for nothing, never false for a secret. */
  touches(bytes: Buffer): boolean;
  /** Sentences about patterns that cannot be used. */
  readonly refused: readonly string[];
}

/**
 * Prepares the search for secrets.
 *
 * @param options.encoding `latin1`: texts are bytes decoded one by one, so that any input survives unharmed
 */
export function compileSecrets(options: {
  readonly values: readonly string[];
  readonly patterns: readonly string[];
  readonly encoding: 'text' | 'latin1';
}): Secrets {
  const encode = (text: string) => (options.encoding === 'text' ? text : Buffer.from(text).toString('latin1'));
  const values = valueLines(options.values).map(encode);
  const { patterns, refused } = compilePatterns(options.patterns.map(encode));
  const holdsNeedle = needleFinder([...anchors, ...values].map((needle) => Buffer.from(needle, 'latin1')));
  const redactLine = (line: string) =>
    patterns.reduce((text, pattern) => text.replace(pattern, (match) => (match === '' ? '' : redacted)), line);
  return {
    refused,
    redact: (text) => {
      let clean = text;
      for (const value of values) {
        clean = clean.replaceAll(value, redacted);
      }
      clean = clean.replace(keyBlockShape, redacted).replace(tokenShape, redacted);
      clean = clean.replace(bearerShape, `$1${redacted}`).replace(urlShape, `$1${redacted}@`);
      return patterns.length === 0 ? clean : clean.split('\n').map(redactLine).join('\n');
    },
    suspectFrom: (text) => (patterns.length > 0 ? 0 : suspectFrom(text, values)),
    // A URL with credentials is told by its `@`, which is rare: a search for it is as fast as reading.
    touches: (bytes) => patterns.length > 0 || bytes.includes(atSign) || holdsNeedle(bytes),
  };
}

/** Longest first, so that a value that contains another is replaced as a whole. */
function valueLines(values: readonly string[]): string[] {
  const lines = values
    .flatMap((value) => value.split(/\r?\n/))
    .map((line) => line.trim().slice(0, maxValueLength))
    .filter((line) => line.length >= minValueLength);
  return [...new Set(lines)].sort((a, b) => b.length - a.length);
}

function suspectFrom(text: string, values: readonly string[]): number {
  const last = text.charCodeAt(text.length - 1);
  let from = text.length;
  for (const value of values) {
    for (let length = Math.min(value.length - 1, text.length); length > text.length - from; length -= 1) {
      if (value.charCodeAt(length - 1) === last && text.endsWith(value.slice(0, length))) {
        from = text.length - length;
      }
    }
  }
  for (const shape of unfinishedShapes) {
    const at = text.search(shape);
    from = at === -1 ? from : Math.min(from, at);
  }
  return from;
}

/** A pattern for every beginning of `lead`, and for all of it with `rest` behind. */
function prefixesOf(lead: string, rest: string): string {
  return [...lead].reduceRight((following, character) => `${character}(?:${following})?`, rest);
}
