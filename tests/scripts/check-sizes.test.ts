import { describe, expect, it } from 'vitest';
import { findOversized } from '../../scripts/check-sizes.mjs';

const lines = (count: number) => 'work();\n'.repeat(count);

describe('the size limits', () => {
  it('accept a file and a function at their limits', () => {
    expect(findOversized('src-main/a.ts', `function a() {\n${lines(78)}}\n${lines(420)}`)).toEqual([]);
  });

  it('find a file that is too long', () => {
    expect(findOversized('src-main/a.ts', lines(501))).toEqual([
      { name: 'src-main/a.ts', message: 'src-main/a.ts: 501 lines, at most 500' },
    ]);
  });

  it.each([
    ['function long() {', '}'],
    ['const long = () => {', '};'],
    ['class A { long() {', '} }'],
  ])('find a function that is too long: %s', (head, tail) => {
    expect(findOversized('src-main/a.ts', `${head}\n${lines(79)}${tail}`)).toEqual([
      { name: 'src-main/a.ts#long', message: 'src-main/a.ts:1: long has 81 lines, at most 80' },
    ]);
  });

  it('measure each test, not the group of tests', () => {
    const test = `it('works', () => {\n${lines(60)}});\n`;
    expect(findOversized('tests/a.test.ts', `describe.each([1])('a', () => {\n${test}${test}});`)).toEqual([]);
  });
});
