import fc from 'fast-check';
import { expect, test } from 'vitest';
import { block } from '../../../src-renderer/features/graph/placement.ts';
import type { Connection } from '../../../src-renderer/features/traffic/draw-traffic.ts';
import { drawTraffic } from '../../../src-renderer/features/traffic/draw-traffic.ts';

const keys = (all: readonly Connection[]) => all.map(({ from, to }) => `${from} ${to}`).toSorted();

/** Anybody may talk to anybody, in circles and to himself. */
const graphs = fc.integer({ min: 1, max: 12 }).chain((size) => {
  const name = fc.nat(size - 1).map((index) => `agent:${index}`);
  const pairs = fc.uniqueArray(fc.record({ from: name, to: name }), { selector: ({ from, to }) => `${from} ${to}` });
  return pairs.map((connections) => ({
    names: Array.from({ length: size }, (_, index) => `agent:${index}`),
    connections,
  }));
});

test('R64 every connection has one track, whatever circles there are, and no block lies on another', () => {
  fc.assert(
    fc.property(graphs, ({ names, connections }) => {
      const { blocks, tracks, width, height } = drawTraffic(names, connections);
      expect([...blocks.keys()].toSorted()).toEqual(names.toSorted());
      expect(keys(tracks)).toEqual(keys(connections));
      const corners = [...blocks.values()];
      for (const [index, a] of corners.entries()) {
        expect(a.x + block.width).toBeLessThanOrEqual(width);
        expect(a.y + block.height).toBeLessThanOrEqual(height);
        for (const b of corners.slice(index + 1)) {
          expect(Math.abs(a.x - b.x) >= block.width || Math.abs(a.y - b.y) >= block.height).toBe(true);
        }
      }
    }),
  );
});

test('who says something stands to the left; of a circle, the later connection leads back below', () => {
  const there = { from: 'agent:one', to: 'agent:two' };
  const back = { from: 'agent:two', to: 'agent:one' };
  const { blocks, tracks } = drawTraffic(['agent:one', 'agent:two'], [there, back]);
  const [one, two] = [blocks.get('agent:one'), blocks.get('agent:two')];
  expect(one?.x).toBeLessThan(two?.x ?? 0);
  expect(tracks.map(({ from }) => from)).toEqual(['agent:one', 'agent:two']);
  expect(drawTraffic(['agent:one', 'agent:two'], [there]).tracks).toHaveLength(1);
});

test('R64 as many as there may be are drawn within a second, in which 500 agents talk in circles', () => {
  const names = Array.from({ length: 500 }, (_, index) => `agent:${index}`);
  const connections = Array.from({ length: 2_000 }, (_, index) => ({
    from: `agent:${index % 500}`,
    to: `agent:${(index * 7 + Math.floor(index / 500) * 13) % 500}`,
  }));
  const begun = performance.now();
  expect(drawTraffic(names, connections).blocks.size).toBe(500);
  expect(performance.now() - begun).toBeLessThan(1_000);
});
