import { expect, it } from 'vitest';
import { Parts } from '../../src-main/core/parts.ts';

const full = { message: 'The disk of the copies is full.', remedy: 'Free some space.' };
const gone = { message: 'The folder is gone.', remedy: 'Make it again.' };

it('R48 keeps what parts are in trouble until they say that they work again', () => {
  const parts = new Parts();
  parts.report('backups', full);
  parts.report('pruning', gone);
  expect(parts.troubles()).toEqual([full, gone]);
  parts.report('backups', gone);
  expect(parts.troubles()).toEqual([gone, gone]);
  parts.report('backups', null);
  expect(parts.troubles()).toEqual([gone]);
});

it('R48 takes a part that was never in trouble for one that works', () => {
  const parts = new Parts();
  parts.report('backups', null);
  expect(parts.troubles()).toEqual([]);
});
