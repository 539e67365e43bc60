import type { Problem } from '../contract/errors.ts';
import type { Paint } from './paint.ts';
import { plainText } from './safe-text.ts';

/** Findings in a file as compilers print them, so that editors can jump to them. */
export function problemLines(problems: readonly Problem[], path: string, paint: Paint): string[] {
  return problems.map(({ severity, line, column, message }) => {
    const word = severity === 'error' ? paint('bad', '✗ error') : paint('attention', '◆ warning');
    return `${plainText(path)}:${line}:${column}: ${word}: ${plainText(message)}`;
  });
}
