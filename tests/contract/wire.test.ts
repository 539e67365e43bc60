import { expect, test } from 'vitest';
import { replySchema, requestSchema } from '../../src-main/contract/wire.ts';

test('a sign of life is asked for and given by number', () => {
  expect(requestSchema.parse({ ask: 'ping', id: 1 })).toEqual({ ask: 'ping', id: 1 });
  expect(replySchema.parse({ say: 'pong', id: 1 })).toEqual({ say: 'pong', id: 1 });
});

test('a request with a field that it does not know is none', () => {
  expect(requestSchema.safeParse({ ask: 'stop', id: 1, now: true }).success).toBe(false);
});
