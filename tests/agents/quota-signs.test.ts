import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findQuota, findQuotaInLines, quotaFailure } from '../../src-main/agents/quota-signs.ts';

const now = new Date(2026, 9, 6, 13, 0).getTime();
const minute = 60_000;
const hour = 60 * minute;
const local = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime();

describe('R59 a used-up quota is told from what agents say:', () => {
  const said: readonly [string, string, number | null][] = [
    ['Claude Code, older', 'Claude AI usage limit reached|1791291600', 1_791_291_600_000],
    [
      'Claude Code, with a time',
      'Claude usage limit reached. Your limit will reset at 3pm (America/Bogota).',
      local(2026, 9, 6, 15, 0),
    ],
    ['Claude Code, a time tomorrow', "You've hit your limit · resets 1:30am (Asia/Dhaka)", local(2026, 9, 7, 1, 30)],
    ['Claude Code, by the week', '5-hour limit reached ∙ resets 12pm', local(2026, 9, 7, 12, 0)],
    [
      'Claude Code, a date',
      "You've hit your limit · resets Jan 30, 11:30am (Asia/Calcutta)",
      local(2027, 0, 30, 11, 30),
    ],
    ['Claude Code, a date and "at"', 'Weekly limit reached ∙ resets Oct 9 at 10:30am', local(2026, 9, 9, 10, 30)],
    [
      'Claude Code, another apostrophe',
      'You’ve hit your limit for Claude messages. Limits will reset at 9:30 AM.',
      local(2026, 9, 7, 9, 30),
    ],
    ['Claude Code, no credit', 'Credit balance is too low', null],
    [
      'Anthropic',
      'Error: 429 {"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your account\'s rate limit. Please try again later."}}',
      null,
    ],
    [
      'Anthropic, overloaded',
      'API Error: 529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
      null,
    ],
    ['Anthropic, overloaded again', 'API Error: Repeated 529 Overloaded errors', null],
    ['Codex', 'exceeded retry limit, last status: 429 Too Many Requests, request id: c4fc59ca', null],
    [
      'Codex, a length',
      "You've hit your usage limit. Upgrade to Pro or try again in 3 days 4 hours 20 minutes.",
      now + 76 * hour + 20 * minute,
    ],
    [
      'Codex, a time',
      "You've hit your usage limit. Visit the settings or try again at 7:28 PM.",
      local(2026, 9, 6, 19, 28),
    ],
    ['Codex, a date', "You've hit your usage limit. Try again at Oct 8th, 2026 9:11 AM.", local(2026, 9, 8, 9, 11)],
    [
      'OpenAI',
      'Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000. Please try again in 2.4s.',
      now + 2_400,
    ],
    ['OpenAI, no money', 'You exceeded your current quota, please check your plan and billing details.', null],
    ['OpenAI, its code', '{"error":{"code":"insufficient_quota"}}', null],
    ['Gemini', '[API Error: Resource has been exhausted (e.g. check quota).]', null],
    ['Gemini, its status', '{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","retryDelay": "34s"}}', now + 34_000],
    ['Gemini, a length', 'You exceeded your current quota. Please retry in 34.074824224s.', now + 34_075],
    [
      'Gemini CLI',
      'You have exhausted your capacity on this model. Your quota will reset after 10h22m6s.',
      now + 10 * hour + 22 * minute + 6_000,
    ],
    ['Gemini, by metric', "Quota exceeded for quota metric 'Requests' and limit 'Requests per day'", null],
    ['Gemini, overloaded', 'The model is overloaded. Please try again later.', null],
    ['a header', 'HTTP 429\nRetry-After: 30', now + 30_000],
    ['a moment', 'Rate limit exceeded; resets at 2026-10-06T20:00:00Z', Date.UTC(2026, 9, 6, 20)],
  ];
  it.each(said)('%s', (_, text, retryAt) => {
    expect(findQuota(text, now)).toEqual({ retryAt });
    expect(findQuotaInLines(text.split('\n'), now)).toEqual({ retryAt });
  });
});

describe('R59 what else is said of limits is no used-up quota:', () => {
  it.each([
    'write failed: Disk quota exceeded',
    "error: call of overloaded 'f(int)' is ambiguous",
    'jaxlib.XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 8 GiB',
    'Maximum recursion limit reached',
    'the file exceeds the limit of 500 lines',
    'Tests: 2 failed, 429 passed',
    'The agent reached its limit of tokens before it was done.',
    'rate limit: 60 per minute',
    '',
  ])('%s', (text) => {
    expect(findQuota(text, now)).toBeNull();
  });

  it.each([
    ' ✗ answers 429 when the rate limit is exceeded',
    ' FAIL  src/limits.test.ts > too many requests',
    'AssertionError: expected status 429 to be 200',
    'not ok 12 - rate limit exceeded',
    '    at rateLimitExceeded (server.ts:4:2)',
    'src/rate-limit-reached.spec.ts: too many requests',
  ])('in the output of a test: %s', (line) => {
    expect(findQuotaInLines([line], now)).toBeNull();
  });
});

it('R59 no text takes long to look at', () => {
  const words = ['exceeded ', 'your ', 'rate', ' limit', 'try again in ', '9', ' ', 'h', '429', 'reset at ', 'a'];
  const text = fc.array(fc.constantFrom(...words), { maxLength: 3_000 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ maxLength: 9_000 })), (long) => {
      const begun = performance.now();
      findQuota(long.repeat(3), now);
      expect(performance.now() - begun).toBeLessThan(1_000);
    }),
    { numRuns: 50 },
  );
});

it('R59 the failure of a used-up quota keeps what was said, and when there is some again', () => {
  expect(quotaFailure('Usage limit reached', { retryAt: 5 })).toMatchObject({
    category: 'quota',
    class: 'transient',
    message: 'Usage limit reached',
    retryAt: 5,
  });
  expect(quotaFailure('x'.repeat(9_000), { retryAt: null })).not.toHaveProperty('retryAt');
  expect(quotaFailure('x'.repeat(9_000), { retryAt: null }).message).toHaveLength(2_000);
});
