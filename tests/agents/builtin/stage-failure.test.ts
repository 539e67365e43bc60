import { RequestError } from '@agentclientprotocol/sdk';
import { expect, test } from 'vitest';
import { fatal, toRequestError } from '../../../src-main/agents/builtin/stage-failure.ts';

test('an expected failure becomes an error that carries its facts', () => {
  const error = toRequestError(fatal('The door is shut', 'nobody has the key', 'Ring the bell'));
  expect(error).toMatchObject({
    code: -32603,
    message: 'The door is shut: nobody has the key. Ring the bell.',
    data: {
      signalbox: { class: 'fatal', what: 'The door is shut', why: 'nobody has the key', remedy: 'Ring the bell' },
    },
  });
});

test.each([[new Error('disk full')], ['disk full']])(
  'anything else that is thrown becomes an unknown failure with its cause',
  (thrown) => {
    expect(toRequestError(thrown)).toMatchObject({ data: { signalbox: { class: 'unknown', why: 'disk full' } } });
  },
);

test('an error of the protocol stays what it is', () => {
  const error = RequestError.sessionNotFound('s');
  expect(toRequestError(error)).toBe(error);
});
