import { describe, expect, it } from 'vitest';
import { classifyError as classify } from '../../../src-main/agents/acp/classify-error.ts';
import type { RpcError } from '../../../src-main/agents/acp/json-rpc-peer.ts';

const now = 1_000_000;
const classifyError = (rpcError: RpcError) => classify(rpcError, now);

function error(code: number, message: string, data?: unknown) {
  return { code, message, data };
}

describe("the class of an agent's error", () => {
  it('R23 is what the agent says in data.signalbox, with its remedy', () => {
    const data = { signalbox: { class: 'fatal', what: 'w', why: 'y', remedy: 'Do this' } };
    expect(classifyError(error(-32603, 'rate limit', data))).toEqual({
      category: 'agent',
      class: 'fatal',
      message: 'rate limit',
      remedy: 'Do this',
    });
  });

  it.each([
    ['Claude: a limit in the data', error(-32603, 'Internal error', { errorKind: 'rate_limit' })],
    ['Codex: a limit in the data', error(-32603, 'Internal error', { codexErrorInfo: 'usageLimitExceeded' })],
    ['Gemini: the status as the code', error(429, 'Resource exhausted')],
    ['OpenCode: a limit in the text', error(-32603, 'Rate limit reached after 5 retries')],
    ['overloaded', error(-32603, 'Internal error: 529 overloaded_error')],
    ['a spent quota that mentions a sign-in', error(-32000, 'Quota exceeded. Please log in with another plan')],
  ])('R59 is that of a used-up quota: %s', (_, rpcError) => {
    expect(classifyError(rpcError)).toMatchObject({ category: 'quota', class: 'transient' });
  });

  it('R59 keeps when there is quota again; where that does not matter, a quota is an error like others', () => {
    const limit = error(-32603, 'Rate limit reached. Please try again in 20s.');
    expect(classifyError(limit)).toMatchObject({ category: 'quota', retryAt: now + 20_000 });
    expect(classify(limit, null)).toMatchObject({ category: 'agent', class: 'transient' });
    const own = error(-32603, 'rate limit exceeded', { signalbox: { class: 'transient' } });
    expect(classifyError(own)).toMatchObject({ category: 'quota' });
  });

  it('is transient when the network failed', () => {
    const rpcError = error(-32603, 'fetch failed', { cause: 'ECONNRESET' });
    expect(classifyError(rpcError)).toMatchObject({ category: 'agent', class: 'transient' });
  });

  it.each([
    ['Claude and Codex: auth required', error(-32000, 'Authentication required')],
    ['Gemini: the status as the code', error(401, 'Request had invalid credentials')],
    ['OpenCode: in the text', error(-32603, 'Internal error', { message: 'Invalid API key' })],
    ['not signed in', error(-32603, 'You are not logged in. Please login first')],
  ])('is fatal, with the way to sign in: %s', (_, rpcError) => {
    const failure = classifyError(rpcError);
    expect(failure).toMatchObject({ category: 'agent', class: 'fatal' });
    expect(failure.remedy).toContain('Sign in');
  });

  it('is unknown for everything else; a complaint about our message is one of the protocol', () => {
    expect(classifyError(error(-32603, 'The flux broke'))).toEqual({
      category: 'agent',
      class: 'unknown',
      message: 'The flux broke',
    });
    expect(classifyError(error(-32602, 'Invalid params'))).toMatchObject({ category: 'protocol', class: 'unknown' });
  });

  it('has a bounded sentence, and one even where the agent gave none', () => {
    expect(classifyError(error(1, 'x'.repeat(100_000))).message.length).toBe(2_000);
    expect(classifyError(error(-1, '  ')).message).toBe('The agent answered with error -1');
  });
});
