import { expect, it } from 'vitest';
import { Turnover } from '../../src-main/core/turnover.ts';

it('asks for a copy now and then, and not before much has passed through', () => {
  const turnover = new Turnover();
  const dueAt = Array.from({ length: 600 }, (_, index) => (turnover.leave() ? index + 1 : 0)).filter((at) => at > 0);
  expect(dueAt).toEqual([256, 512]);
});
