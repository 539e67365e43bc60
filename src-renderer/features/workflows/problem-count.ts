import type { Problem } from '../../../src-main/contract/errors.ts';
import { formatCounted } from '../../format/amount.ts';
import type { Tone } from '../../ui/state-looks.ts';

/** Findings in few words, and how bad they are. */
export function countProblems(problems: readonly Problem[]): { readonly words: string; readonly tone: Tone } {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  if (errors > 0) return { words: formatCounted(errors, 'error'), tone: 'failed' };
  return warnings > 0
    ? { words: formatCounted(warnings, 'warning'), tone: 'waiting' }
    : { words: 'No problems', tone: 'completed' };
}
