import { expect, it } from 'vitest';
import type { Finding } from '../../../src-main/contract/api-engine.ts';
import { inOrder, summaryOf } from '../../../src-renderer/features/doctor/doctor-words.ts';

function finding(check: string, status: Finding['status']): Finding {
  return { check, status, detail: '', remedy: null };
}

const ok = finding('git', 'ok');
const warning = finding('disk', 'warning');
const broken = finding('node', 'broken');

it('the doctor tells first what is broken, and sums up', () => {
  expect(inOrder([ok, warning, broken])).toEqual([broken, warning, ok]);
  expect(summaryOf([ok])).toBe('Everything works');
  expect(summaryOf([ok, warning])).toBe('Works, with 1 warning');
  expect(summaryOf([broken, warning, broken])).toBe('2 things broken');
});
