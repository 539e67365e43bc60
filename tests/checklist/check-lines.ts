import type { Line, Section } from './line.ts';

/** What a test run said of one test. */
export interface TestResult {
  /** Path in this repository. */
  readonly file: string;
  readonly title: string;
  readonly passed: boolean;
}

export interface CheckedLine {
  readonly section: string;
  readonly line: Line;
  readonly result: 'passed' | 'failed' | 'missing' | 'open';
}

/** Finds for every line what became of its test. */
export function checkLines(sections: readonly Section[], results: readonly TestResult[]): CheckedLine[] {
  return sections.flatMap(({ name, lines }) =>
    lines.map((line) => ({ section: name, line, result: resultOf(line, results) })),
  );
}

function resultOf(line: Line, results: readonly TestResult[]): CheckedLine['result'] {
  if ('open' in line) return 'open';
  const pattern = titlePattern(line.title);
  const found = results.filter(({ file, title }) => file === line.file && pattern.test(title));
  if (found.length === 0) return 'missing';
  return found.every(({ passed }) => passed) ? 'passed' : 'failed';
}

/** A title as the source has it, with places for the values of each case (`%s`, `$name`). */
function titlePattern(title: string): RegExp {
  const parts = title.split(/%[sidj#]|\$\w+/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
