import { describe, expect, it } from 'vitest';
import {
  carve,
  fitWindow,
  offsetLabel,
  panWindow,
  placeSpan,
  ticksOf,
  totalsOf,
  zoomWindow,
} from '../../../src-renderer/features/run/timeline-spans.ts';

describe('spans', () => {
  it('are cut where something else went on, whatever the holes overlap', () => {
    const spans = carve({ kind: 'work', from: 10, to: 100 }, [
      { kind: 'person', from: 60, to: 80 },
      { kind: 'person', from: 5, to: 20 },
      { kind: 'paused', from: 70, to: null },
    ]);
    expect(spans).toEqual([
      { kind: 'person', from: 10, to: 20 },
      { kind: 'work', from: 20, to: 60 },
      { kind: 'person', from: 60, to: 80 },
      { kind: 'paused', from: 80, to: 100 },
    ]);
  });

  it('that go on stay open, and so does a hole that goes on', () => {
    expect(carve({ kind: 'work', from: 10, to: null }, [])).toEqual([{ kind: 'work', from: 10, to: null }]);
    expect(carve({ kind: 'work', from: 10, to: null }, [{ kind: 'person', from: 30, to: null }])).toEqual([
      { kind: 'work', from: 10, to: 30 },
      { kind: 'person', from: 30, to: null },
    ]);
  });

  it('add up by kind, up to now', () => {
    const spans = [
      { kind: 'queue', from: 0, to: 5 },
      { kind: 'work', from: 5, to: null },
    ] as const;
    expect(totalsOf(spans, 25)).toEqual({ queue: 5, work: 20, person: 0, paused: 0 });
  });
});

describe('the axis', () => {
  const window = { from: 100, to: 200 };

  it('places what is in it, cuts what reaches over its ends, and leaves out the rest', () => {
    const place = (from: number, to: number | null) => placeSpan({ kind: 'work', from, to }, window, 190);
    expect([place(120, 150), place(0, 110), place(180, null), place(0, 50), place(250, 260)]).toEqual([
      { left: 20, width: 30 },
      { left: 0, width: 10 },
      { left: 80, width: 10 },
      null,
      null,
    ]);
  });

  it('shows all of a run, and is never empty', () => {
    const { from, to } = fitWindow([{ kind: 'work', from: 0, to: null }], 1_000);
    expect([from, Math.round(to)]).toEqual([0, 1_020]);
    expect(fitWindow([{ kind: 'work', from: 5, to: 5 }], 5).to).toBeGreaterThan(5);
    expect(fitWindow([], 5_000).to).toBeGreaterThan(fitWindow([], 5_000).from);
  });

  it('zooms around its middle and moves, both within the run', () => {
    const whole = { from: 0, to: 1_000 };
    expect(zoomWindow(whole, 0.5, whole)).toEqual({ from: 250, to: 750 });
    expect(zoomWindow({ from: 250, to: 750 }, 4, whole)).toEqual(whole);
    expect(panWindow({ from: 0, to: 400 }, -0.25, whole)).toEqual({ from: 0, to: 400 });
    expect(panWindow({ from: 500, to: 900 }, 0.5, whole)).toEqual({ from: 600, to: 1_000 });
    const closest = zoomWindow({ from: 500, to: 520 }, 0.5, whole);
    expect(closest.to - closest.from).toBe(20);
  });

  it.each([80, 900, 12_000, 400_000, 9_000_000, 400_000_000])('has round marks, and few, over %i ms', (length) => {
    const ticks = ticksOf({ from: 1_000, to: 1_000 + length }, 1_000, 7);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(ticks.length).toBeLessThanOrEqual(8);
    expect(ticks[0]).toMatchObject({ offsetMs: 0, left: 0, label: '0' });
    expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
  });

  it.each([
    [250, 50, '250 ms'],
    [1_500, 500, '1.5 s'],
    [12_000, 2_000, '12 s'],
    [210_000, 30_000, '3:30'],
    [300_000, 60_000, '5 min'],
    [7_500_000, 300_000, '2 h 05'],
  ])('writes %i ms with marks every %i ms as %s', (offset, step, label) => {
    expect(offsetLabel(offset, step)).toBe(label);
  });
});
