import type { Finding } from '../../../src-main/contract/api-engine.ts';
import { formatCounted } from '../../format/amount.ts';

const order: Readonly<Record<Finding['status'], number>> = { broken: 0, warning: 1, ok: 2 };

/** What is broken first, then warnings; otherwise as they were checked. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((one, other) => order[one.status] - order[other.status]);
}

/** All findings in a few words. */
export function summaryOf(findings: readonly Finding[]): string {
  const broken = findings.filter(({ status }) => status === 'broken').length;
  const warnings = findings.filter(({ status }) => status === 'warning').length;
  if (broken > 0) return `${formatCounted(broken, 'thing')} broken`;
  return warnings > 0 ? `Works, with ${formatCounted(warnings, 'warning')}` : 'Everything works';
}
