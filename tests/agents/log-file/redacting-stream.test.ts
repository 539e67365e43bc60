import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RedactingStream } from '../../../src-main/agents/log-file/redacting-stream.ts';
import { compileSecrets } from '../../../src-main/agents/secrets.ts';

const letters = 'Abcdefghij0123456789KLMNOPQRSTuvwxyz';
const value = 'correct-horse-battery';
const found = [
  value,
  `sk-${letters}`,
  `ghp_${letters}`,
  `eyJ${letters}.${letters}`,
  'pa55w0rd-in-a-url',
  'bearer-token-0123456789',
];
const printed = [
  value,
  `sk-${letters}`,
  `ghp_${letters}`,
  `eyJ${letters}.${letters}`,
  'ftp://someone:pa55w0rd-in-a-url@example.org',
  'Bearer bearer-token-0123456789',
];

/** Feeds pieces as a log does: whole lines, and beginnings of lines that had to wait too long. */
function run(stream: RedactingStream, pieces: readonly Buffer[]): string {
  const out: Buffer[] = [];
  let held: Buffer = Buffer.alloc(0);
  for (const piece of pieces) {
    const bytes = Buffer.concat([held, piece]);
    const end = bytes.lastIndexOf(10) + 1;
    out.push(stream.lines(bytes.subarray(0, end)));
    const beginning = stream.beginning(bytes.subarray(end));
    out.push(beginning.out);
    held = beginning.held;
  }
  out.push(stream.lines(held));
  return Buffer.concat(out).toString('latin1');
}

function streamOf(patterns: readonly string[] = []): RedactingStream {
  const secrets = compileSecrets({ values: [value], patterns, encoding: 'latin1' });
  return new RedactingStream(() => secrets);
}

function pieces(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1');
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}

describe('A redacting stream', () => {
  test('I11 lets no secret through, wherever the stream is cut', () => {
    const filler = fc.constantFrom(' ', '\n', ' plain words ', '"', '\n\n', ' é ', ': ', 's', 'e', '-');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(filler, fc.constantFrom(...printed, 'none')), { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (parts, cuts) => {
          const text = parts
            .map(([before, secret]) => `${before === 's' || before === 'e' ? `${before} ` : before}${secret} `)
            .join('');
          const clean = run(streamOf(), pieces(text, cuts));
          expect(found.filter((secret) => clean.includes(secret))).toEqual([]);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('I11 leaves every other byte as it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(), { maxLength: 10 }), (data, cuts) => {
        const text = Buffer.from(data).toString('latin1');
        expect(run(streamOf(), pieces(text, cuts))).toBe(text);
      }),
    );
  });

  test('I11 replaces a private key line by line, over several pieces, and goes on behind it', () => {
    const lines =
      ['-----BEGIN PRIVATE', ' KEY-----\n'].join('') +
      'Proc-Type: 4\r\n\nMIIE\nabcd\n-----END PRIVATE' +
      ' KEY-----\nplain\n';
    const stream = streamOf();
    const out = [...lines.matchAll(/[^\n]*\n/g)].map(([line]) => stream.lines(Buffer.from(line)).toString()).join('');
    expect(out).toBe('[redacted]\n[redacted]\r\n\n[redacted]\n[redacted]\n[redacted]\nplain\n');
  });

  test('gives up a private key that never ends, at the first line that cannot be part of one', () => {
    const stream = streamOf();
    const begin = ['x -----BEGIN PRIVATE', ' KEY-----\n'].join('');
    expect(stream.lines(Buffer.from(`${begin}MIIE\nThis is prose.\n`)).toString()).toBe(
      'x [redacted]\n[redacted]\nThis is prose.\n',
    );
    stream.lines(Buffer.from(begin));
    expect(stream.beginning(Buffer.from('MIIE'))).toEqual({ out: Buffer.alloc(0), held: Buffer.from('MIIE') });
    expect(stream.beginning(Buffer.alloc(40_000, 'M')).out).toHaveLength(0);
  });

  test('shows a prompt at once, and keeps back only what may become a secret', () => {
    const stream = streamOf();
    const show = (text: string) => {
      const { out, held } = stream.beginning(Buffer.from(text));
      return [out.toString(), held.toString()];
    };
    expect(show('Continue? [y/N] ')).toEqual(['Continue? [y/N] ', '']);
    expect(show('token: sk-abc')).toEqual(['token: ', 'sk-abc']);
    expect(show('it is correct-hor')).toEqual(['it is ', 'correct-hor']);
    expect(show('GET http://user:pw')).toEqual(['GET http', '://user:pw']);
    expect(show('use Bearer ')).toEqual(['use ', 'Bearer ']);
  });

  test('I11 leaves out a token without end, until it ends', () => {
    const stream = streamOf();
    expect(stream.beginning(Buffer.from(`sk-${'a'.repeat(40_000)}`)).out.toString()).toBe('[redacted]');
    expect(stream.beginning(Buffer.from('bbbb')).out.toString()).toBe('');
    expect(stream.lines(Buffer.from('cc dd\n')).toString()).toBe(' dd\n');
  });

  test('I11 with patterns of the user cuts an endless line only where no secret is', () => {
    const stream = streamOf(['secret-\\d+-end']);
    expect(stream.beginning(Buffer.from('short')).out.toString()).toBe('');
    const line = `${'.'.repeat(40_000 - 4_096 - 5)}secret-12345-end${'.'.repeat(4_096)}`;
    const { out, held } = stream.beginning(Buffer.from(line));
    expect(out.toString() + stream.lines(held).toString()).toBe(line.replace('secret-12345-end', '[redacted]'));
    const { out: dots } = stream.beginning(Buffer.from(`://${'.'.repeat(40_000)}`));
    expect(dots.length).toBeGreaterThan(30_000);
  });
});
