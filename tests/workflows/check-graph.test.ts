import { describe, expect, test } from 'vitest';
import { problemsOf } from './read-workflow.ts';

describe('needs', () => {
  const stages = (...lines: readonly string[]) =>
    ['name: w', 'stages:', ...lines.map((line) => `  ${line}`)].join('\n');

  test.each<[string, string, readonly string[]]>([
    [
      'R33 a missing stage',
      stages('build: {run: x}', 'test: {run: x, needs: [biuld]}'),
      ['4:26 stages.test.needs.0: There is no stage "biuld"; did you mean "build"? stages are build, test'],
    ],
    [
      'R33 a cycle, with the names in order',
      stages('a: {run: x, needs: c}', 'b: {run: x, needs: a}', 'c: {run: x, needs: b}'),
      ['3:22 stages.a.needs: The stages a → c → b → a need each other in a circle; remove one of these needs'],
    ],
    [
      'R33 two cycles',
      stages('a: {run: x, needs: b}', 'b: {run: x}', 'c: {run: x, needs: d}', 'd: {run: x, needs: [a, c]}'),
      [
        '3:22 stages.a.needs: The stages a → b → a need each other in a circle; remove one of these needs',
        '5:22 stages.c.needs: The stages c → d → c need each other in a circle; remove one of these needs',
      ],
    ],
    [
      'R33 a stage that needs itself',
      stages('a: {run: x, needs: [a]}'),
      ['3:23 stages.a.needs.0: The stage "a" needs itself'],
    ],
    [
      'a name used twice',
      stages('- {name: a, run: x}', '- {name: a, run: y, needs: []}'),
      ['4:12 stages.a.name: The name "a" is used twice: it is also the name of stage 1'],
    ],
    [
      'needs of another kind',
      stages('a: {run: x, needs: 5}'),
      ['3:22 stages.a.needs: needs must be the name of a stage, or a list of names'],
    ],
    [
      'a need that is no name',
      stages('a: {run: x, needs: [5, A]}'),
      [
        '3:23 stages.a.needs.0: item 1 of needs must be text, but is 5',
        '3:26 stages.a.needs.1: item 2 of needs must be lower-case letters, digits, "-" or "_", start with a letter, and have at most 64 characters',
        '3:26 stages.a.needs.1: There is no stage "A"; did you mean "a"? stages are a',
      ],
    ],
  ])('%s', (_what, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});
