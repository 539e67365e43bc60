import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeQuickly } from '../../../src-renderer/features/graph/place-quickly.ts';
import { placeStages } from '../../../src-renderer/features/graph/place-stages.ts';
import type { Placeable, Placement, Track } from '../../../src-renderer/features/graph/placement.ts';
import { block } from '../../../src-renderer/features/graph/placement.ts';

const stage = (name: string, ...needs: string[]): Placeable => ({ name, needs });

/** A stage needs only stages before it; the order is then shuffled. */
const graphs = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 25 })
  .map((rows) =>
    rows.map((row, index) => stage(`s${index}`, ...row.filter(() => index > 0).map((n) => `s${n % index}`))),
  )
  .chain((stages) => fc.shuffledSubarray(stages, { minLength: stages.length }));

const tracksOf = (stages: readonly Placeable[]): Track[] =>
  stages.flatMap(({ name, needs }) => [...new Set(needs)].map((from) => ({ from, to: name, via: [] })));

const layouts: readonly (readonly [string, (stages: readonly Placeable[]) => Placement])[] = [
  ['careful', placeStages],
  ['quick', (stages) => placeQuickly(stages, tracksOf(stages))],
];

describe.each(layouts)('the %s layout', (_, place) => {
  test('puts every stage to the right of all that it needs, and no two onto each other', () => {
    fc.assert(
      fc.property(graphs, (stages) => {
        const { blocks, tracks } = place(stages);
        expect([...blocks.keys()]).toHaveLength(stages.length);
        for (const { from, to } of tracks) {
          expect(blocks.get(to)?.x).toBeGreaterThanOrEqual((blocks.get(from)?.x ?? 0) + block.width);
        }
        const corners = [...blocks.values()];
        for (const [index, a] of corners.entries()) {
          for (const b of corners.slice(index + 1)) {
            expect(Math.abs(a.x - b.x) >= block.width || Math.abs(a.y - b.y) >= block.height).toBe(true);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

test('needs that are not there, and a stage that needs itself, have no track', () => {
  expect(placeStages([stage('a', 'a', 'gone'), stage('b', 'a', 'a')]).tracks).toEqual([
    { from: 'a', to: 'b', via: [] },
  ]);
});

test('stages that need each other in a circle are shown all the same', () => {
  const circle = [stage('a', 'b'), stage('b', 'a'), stage('c', 'b')];
  for (const [, place] of layouts) expect(place(circle).blocks.size).toBe(3);
});

test('a track over several columns has points to pass, so that it goes around what is between', () => {
  const { tracks } = placeStages([stage('a'), stage('b', 'a'), stage('c', 'b'), stage('d', 'c', 'a')]);
  expect(tracks.find(({ from, to }) => from === 'a' && to === 'd')?.via.length).toBeGreaterThan(0);
});

test('five hundred stages are placed at once', () => {
  const stages = Array.from({ length: 500 }, (_, index) =>
    stage(`s${index}`, ...[1, 2, 5, 9].filter((back) => back <= index).map((back) => `s${index - back}`)),
  );
  expect(placeStages(stages).blocks.size).toBe(500);
});
