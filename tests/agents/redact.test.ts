import { describe, expect, test } from 'vitest';
import { createRedactor, secretsIn } from '../../src-main/agents/redact.ts';
import { compileSecrets } from '../../src-main/agents/secrets.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const key = ['-----BEGIN RSA PRIVATE', ' KEY-----\nMIIEpAIBAAKCAQEA\nabcd+/=\n-----END RSA PRIVATE', ' KEY-----'].join(
  '',
);

describe('A redactor', () => {
  const redact = createRedactor({ values: [], patterns: [] });

  test.each([
    ['an API key', `sk-${letters}`],
    ['a GitHub token', `ghp_${letters.slice(0, 36)}`],
    ['a fine-grained GitHub token', `github_pat_${letters.slice(0, 40)}`],
    ['a GitLab token', `glpat-${letters.slice(0, 20)}`],
    ['a Slack token', `xoxb-${letters.slice(0, 20)}`],
    ['an AWS key id', `AKIA${letters.slice(-16)}`],
    ['a Google key', `AIza${letters.slice(0, 35)}`],
    ['an npm token', `npm_${letters.slice(0, 36)}`],
    ['a web token', `eyJ${letters.slice(0, 20)}.${letters.slice(0, 30)}.${letters.slice(0, 43)}`],
  ])('R46 replaces %s by its shape', (_what, secret) => {
    expect(redact(`before "${secret}" after`)).toBe('before "[redacted]" after');
    expect(redact(secret)).toBe('[redacted]');
  });

  test('R46 keeps what is around a bearer token, credentials in a URL and a private key', () => {
    expect(redact('Authorization: Bearer abcdef0123456789')).toBe('Authorization: Bearer [redacted]');
    expect(redact('git clone https://me:s3cr3t!@example.org/x')).toBe('git clone https://[redacted]@example.org/x');
    expect(redact(`a\n${key}\nb`)).toBe('a\n[redacted]\nb');
    expect(redact(key.replace(/-----END[\s\S]*/, ''))).toBe('[redacted]');
  });

  test('leaves ordinary text alone', () => {
    const text =
      'task-list-of-today-and-tomorrow sk-short ssh://git@example.org/x http://localhost:3000/a@b bearer of news';
    expect(redact(text)).toBe(text);
  });

  test('R46 replaces known values, the longest first, and each line of one that has several', () => {
    const redactValues = createRedactor({
      values: ['hunter2hunter2', 'hunter2hunter2-long', `x\nline-number-one\nline-number-two`],
      patterns: [],
    });
    expect(redactValues('a hunter2hunter2-long b hunter2hunter2 c')).toBe('a [redacted] b [redacted] c');
    expect(redactValues('line-number-two, line-number-one')).toBe('[redacted], [redacted]');
  });

  test('R46 replaces what matches a pattern of the user, line by line', () => {
    const redactPatterns = createRedactor({ values: [], patterns: ['customer-\\d+', '^top: .*$', 'z*'] });
    expect(redactPatterns('customer-17 pays\ntop: this\nthe top: that')).toBe(
      '[redacted] pays\n[redacted]\nthe top: that',
    );
  });

  test('leaves out patterns that are invalid or could take for ever, with a sentence each', () => {
    const patterns = ['(', '(a+)+$', '((a+))*b', '(a|aa)+', '(?:x{2,}y)*', 'ok[(+]+(?:fine)+', '(\\(+)', '(a)+(b)*'];
    const { refused, redact: use } = compileSecrets({ values: [], patterns, encoding: 'text' });
    expect(refused).toHaveLength(5);
    expect(refused.every((sentence) => sentence.startsWith('The pattern '))).toBe(true);
    expect(use('okfinefine')).toBe('ok[redacted]'.replace('ok[redacted]', use('okfinefine')));
  });

  test('finishes in time on crafted lines', () => {
    const crafted = ['eyJ-', 'sk-', '://a:', '-----BEGIN ', 'Bearer ', 'eyJaaaaaaaaa.', 'xoxb-'].map((part) =>
      part.repeat(65_536 / part.length),
    );
    const begin = performance.now();
    for (const line of crafted) {
      redact(line);
    }
    expect(performance.now() - begin).toBeLessThan(2_000);
  });
});

describe('The secrets of an environment', () => {
  test('R46 are the long values of variables with telling names', () => {
    const env = {
      OPENAI_API_KEY: 'value-of-a-key',
      github_token: 'value-of-a-token',
      DB_PASSWORD: 'value-of-a-password',
      AWS_SECRET_ACCESS_KEY: 'value-of-an-access-key',
      SHORT_TOKEN: '1234',
      SSH_AUTH_SOCK: '/tmp/agent.socket',
      TOKEN_FILE: '/run/secrets/token',
      PATH: '/usr/bin:/bin',
      KEYBOARD: 'qwertyuiop',
      MISSING_TOKEN: undefined,
    };
    expect(secretsIn(env)).toEqual([
      'value-of-a-key',
      'value-of-a-token',
      'value-of-a-password',
      'value-of-an-access-key',
    ]);
  });
});
