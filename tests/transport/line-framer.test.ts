import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineFramer } from '../../src-main/transport/line-framer.ts';

test('lines come out as they went in, however the bytes were cut', () => {
  const line = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed() && !text.includes('\n'));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      const framer = createLineFramer(1_000_000);
      const found: string[] = [];
      for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
        const end = start + (cuts[turn % cuts.length] ?? 1);
        const { lines: next, fault } = framer.push(bytes.subarray(start, end));
        expect(fault).toBeNull();
        found.push(...next);
        start = end;
      }
      expect(found).toEqual(lines);
    }),
  );
});

test('a line of exactly the limit passes, one more byte does not, finished or not', () => {
  const whole = createLineFramer(4);
  expect(whole.push(Buffer.from('abcd\nok\n'))).toEqual({ lines: ['abcd', 'ok'], fault: null });
  expect(createLineFramer(4).push(Buffer.from('ok\nabcde\n'))).toEqual({ lines: ['ok'], fault: 'tooLong' });
  const parts = createLineFramer(4);
  expect(parts.push(Buffer.from('abc'))).toEqual({ lines: [], fault: null });
  expect(parts.push(Buffer.from('de'))).toEqual({ lines: [], fault: 'tooLong' });
});

test('bytes that are not UTF-8 are a fault', () => {
  expect(createLineFramer(100).push(Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a]))).toEqual({
    lines: ['a'],
    fault: 'notText',
  });
});
