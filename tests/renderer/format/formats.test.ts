import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatCounted,
  formatShare,
} from '../../../src-renderer/format/amount.ts';
import { formatDuration, formatElapsed } from '../../../src-renderer/format/duration.ts';
import { shortIdentifier } from '../../../src-renderer/format/identifier.ts';
import { formatRelative, relativeChangesIn } from '../../../src-renderer/format/time.ts';

describe('formats', () => {
  it.each([
    [null, '–'],
    [-5, '0 ms'],
    [340, '340 ms'],
    [4_260, '4.2 s'],
    [59_999, '59 s'],
    [125_000, '2 min 05 s'],
    [12_000_000, '3 h 20 min'],
    [187_200_000, '2 d 4 h'],
  ])('writes a length of %s ms as "%s"', (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });

  it('writes a length that still grows in whole seconds', () => {
    expect([0, 999, 4_900, 75_000].map(formatElapsed)).toEqual(['0 s', '0 s', '4 s', '1 min 15 s']);
  });

  it.each([
    [-500, 'just now'],
    [-42_000, '42 s ago'],
    [-3 * 3_600_000, '3 h ago'],
    [5 * 60_000, 'in 5 min'],
    [-400 * 86_400_000, '400 d ago'],
  ])('writes a time %s ms from now as "%s"', (distance, words) => {
    expect(formatRelative(10 ** 12 + distance, 10 ** 12)).toBe(words);
  });

  it('ticks as often as the words can change', () => {
    expect([1_000, 600_000, 90_000_000].map((ago) => relativeChangesIn(0, ago))).toEqual([1_000, 30_000, 300_000]);
  });

  it.each([
    [null, '–'],
    [0, '0 B'],
    [512, '512 B'],
    [1_536, '1.5 KiB'],
    [1024 ** 2 * 250, '250 MiB'],
    [1024 ** 5 * 3, '3072 TiB'],
  ])('writes %s bytes as "%s"', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });

  it('writes counts so that they can be read', () => {
    expect([formatCount(1_234_567), formatCompact(9_999), formatCompact(123_456)]).toEqual([
      '1,234,567',
      '9,999',
      '123.5K',
    ]);
    expect([formatCounted(1, 'run'), formatCounted(3, 'run'), formatCounted(2, 'entry', 'entries')]).toEqual([
      '1 run',
      '3 runs',
      '2 entries',
    ]);
    expect([null, 0, 0.034, 0.5, 1].map(formatShare)).toEqual(['–', '0 %', '3.4 %', '50 %', '100 %']);
  });

  it('shortens an identifier to what tells it apart, and leaves chosen names', () => {
    expect([shortIdentifier('run_01jd0000000000000000004f7h'), shortIdentifier('scaffold')]).toEqual([
      '00004f7h',
      'scaffold',
    ]);
  });
});
