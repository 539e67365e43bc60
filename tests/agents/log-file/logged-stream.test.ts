import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LogFile } from '../../../src-main/agents/log-file/log-file.ts';
import { LoggedStream } from '../../../src-main/agents/log-file/logged-stream.ts';
import { compileSecrets } from '../../../src-main/agents/secrets.ts';

function stream() {
  const written: string[] = [];
  const secrets = compileSecrets({ values: ['a-secret-value'], patterns: [], encoding: 'latin1' });
  const log = { append: (_printer: object, _stream: string, bytes: Buffer) => written.push(bytes.toString()) };
  return {
    written,
    logged: new LoggedStream({ stream: 'stdout', secrets: () => secrets, log: () => log as unknown as LogFile }),
  };
}

describe('A logged stream', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('holds an unfinished line back until it is finished', () => {
    const { logged, written } = stream();
    logged.push(Buffer.from('one\ntw'));
    logged.push(Buffer.from('o'));
    logged.push(Buffer.from('\nthree\nfour'));
    expect(written).toEqual(['one\n', 'two\n', 'three\n']);
    logged.end();
    expect(written.at(-1)).toBe('four');
  });

  test('writes an unfinished line when nothing follows for a while, but never half a secret', () => {
    const { logged, written } = stream();
    logged.push(Buffer.from('Password: '));
    vi.advanceTimersByTime(600);
    expect(written).toEqual(['Password: ']);
    logged.push(Buffer.from('x a-secret'));
    vi.advanceTimersByTime(600);
    expect(written.at(-1)).toBe('x ');
    logged.push(Buffer.from('-value\n'));
    expect(written.at(-1)).toBe('[redacted]\n');
    vi.advanceTimersByTime(600);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('R21 does not hold back a line without end', () => {
    const { logged, written } = stream();
    for (let count = 0; count < 100; count += 1) {
      logged.push(Buffer.alloc(10_000, '.'));
    }
    expect(written.join('').length).toBeGreaterThan(930_000);
    logged.end();
    expect(written.join('')).toBe('.'.repeat(1_000_000));
  });
});
