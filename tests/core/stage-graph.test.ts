import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GraphNode } from '../../src-main/core/stage-graph.ts';
import { ancestorsOf, dependantsOf, findGraphFault, stageRanks } from '../../src-main/core/stage-graph.ts';

const node = (name: string, ...needs: string[]): GraphNode => ({ name, needs });

const diamond = [node('start'), node('left', 'start'), node('right', 'start'), node('join', 'left', 'right')];

/** Graphs without a cycle: a node needs only nodes before it. The order of the nodes is then shuffled. */
const soundGraphs = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
  .map((rows) =>
    rows.map((row, index) =>
      node(`n${index}`, ...new Set(row.filter(() => index > 0).map((pick) => `n${pick % index}`))),
    ),
  )
  .chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length }));

/** Any graph over a few names, faults included. */
const anyGraphs = fc.array(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    needs: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'x'), { maxLength: 3 }),
  }),
  { maxLength: 6 },
);

describe('findGraphFault', () => {
  test.each([
    ['no nodes', [], null],
    ['a diamond', diamond, null],
    ['a need that is not there', [node('a'), node('b', 'a', 'c')], { kind: 'missing', name: 'b', need: 'c' }],
    ['a name used twice', [node('a'), node('b'), node('a', 'b')], { kind: 'duplicate', name: 'a' }],
    ['a node that needs itself', [node('a', 'a')], { kind: 'cycle', names: ['a'] }],
    [
      'a cycle behind a sound start',
      [node('a', 'b'), node('b', 'c'), node('c', 'd'), node('d', 'b')],
      { kind: 'cycle', names: ['b', 'c', 'd'] },
    ],
  ])('R33 %s', (_what, nodes, fault) => {
    expect(findGraphFault(nodes)).toEqual(fault);
  });

  test('R33 finds no fault in a graph whose nodes need only earlier ones, in whatever order they are listed', () => {
    fc.assert(
      fc.property(soundGraphs, (nodes) => {
        expect(findGraphFault(nodes)).toBeNull();
      }),
    );
  });

  test('R33 a graph is sound exactly when its nodes can be executed one after another', () => {
    fc.assert(
      fc.property(anyGraphs, (nodes) => {
        expect(findGraphFault(nodes) === null).toBe(canBeExecuted(nodes));
      }),
    );
  });

  test('R33 the names of a cycle each need the next one, and the last needs the first', () => {
    fc.assert(
      fc.property(anyGraphs, (nodes) => {
        const fault = findGraphFault(nodes);
        const names = fault?.kind === 'cycle' ? fault.names : [];
        for (const [index, name] of names.entries()) {
          const next = names[(index + 1) % names.length];
          expect(nodes.find((candidate) => candidate.name === name)?.needs).toContain(next);
        }
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });

  test('R33 a chain of ten thousand stages is walked without running out of stack', () => {
    const chain = Array.from({ length: 10_000 }, (_, index) => node(`n${index}`, `n${(index + 1) % 10_000}`));
    expect(findGraphFault(chain)).toMatchObject({ kind: 'cycle' });
    expect(dependantsOf(chain, 'n0')).toHaveLength(10_000);
  });
});

describe('dependants and ancestors', () => {
  test('are found through other nodes, in the order of the graph', () => {
    expect({
      needStart: dependantsOf(diamond, 'start'),
      needJoin: dependantsOf(diamond, 'join'),
      joinNeeds: ancestorsOf(diamond, 'join'),
      startNeeds: ancestorsOf(diamond, 'start'),
      unknown: [...dependantsOf(diamond, 'nobody'), ...ancestorsOf(diamond, 'nobody')],
    }).toEqual({
      needStart: ['left', 'right', 'join'],
      needJoin: [],
      joinNeeds: ['start', 'left', 'right'],
      startNeeds: [],
      unknown: [],
    });
  });

  test('end on a graph with cycles too', () => {
    expect(ancestorsOf([node('a', 'b'), node('b', 'a')], 'a')).toEqual(['a', 'b']);
  });

  test('mirror each other', () => {
    fc.assert(
      fc.property(soundGraphs, (nodes) => {
        for (const { name } of nodes) {
          const mirrored = nodes.filter((other) => ancestorsOf(nodes, other.name).includes(name));
          expect(dependantsOf(nodes, name)).toEqual(mirrored.map((other) => other.name));
        }
      }),
    );
  });
});

function canBeExecuted(nodes: readonly GraphNode[]): boolean {
  const done = new Set<string>();
  let waiting = [...nodes];
  for (let before = -1; before !== waiting.length; ) {
    before = waiting.length;
    waiting = waiting.filter(({ name, needs }) => {
      const isReady = !done.has(name) && needs.every((need) => done.has(need));
      if (isReady) {
        done.add(name);
      }
      return !isReady;
    });
  }
  return waiting.length === 0;
}

describe('stageRanks', () => {
  test('counts the stages on the longest way to each', () => {
    const nodes = [node('join', 'left', 'long'), node('left', 'start'), node('long', 'left', 'left'), node('start')];
    expect(Object.fromEntries(stageRanks(nodes))).toEqual({ start: 0, left: 1, long: 2, join: 3 });
  });

  test('puts every node one behind the last of its needs, whatever their order', () => {
    fc.assert(
      fc.property(soundGraphs, (nodes) => {
        const ranks = stageRanks(nodes);
        for (const { name, needs } of nodes) {
          expect(ranks.get(name)).toBe(Math.max(-1, ...needs.map((need) => Number(ranks.get(need)))) + 1);
        }
      }),
    );
  });
});
