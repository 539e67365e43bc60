import { expect, test, vi } from 'vitest';

vi.mock('zod', () => {
  throw new Error('schemas were loaded');
});

test.each(['api-names', 'errors', 'host', 'nouns', 'result', 'wire-terms'])(
  'what the preload may load of the contract stays small: %s brings no schemas',
  async (name) => {
    await expect(import(`../../src-main/contract/${name}.ts`)).resolves.toBeDefined();
  },
);

test('the test before would notice schemas', async () => {
  await expect(import('../../src-main/contract/wire.ts')).rejects.toThrow('mocking a module');
});
