import { expect, it } from 'vitest';
import type { Event } from '../../../src-main/contract/event.ts';
import type { EventWindow } from '../../../src-renderer/api/event-window.ts';
import { emptyWindow, putOlder, releaseHeld, tailSize, takeNewer } from '../../../src-renderer/api/event-window.ts';

function events(from: number, to: number): Event[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    seq: from + index,
    at: 1,
    actor: 'engine',
    kind: 'engine.stopped',
    reason: 'over',
  }));
}

function seqs(view: EventWindow): readonly number[] {
  return view.events.map(({ seq }) => seq);
}

it('the tail goes on with what is new, and leaves out what it has already', () => {
  const view = takeNewer(takeNewer(emptyWindow, events(1, 3), false), events(2, 5), false);
  expect(seqs(view)).toEqual([1, 2, 3, 4, 5]);
  expect(view.hasOlder).toBe(false);
});

it('a tail that goes on keeps the newest only, and says that there are older ones', () => {
  const view = takeNewer(emptyWindow, events(1, tailSize + 10), false);
  expect(view.events).toHaveLength(tailSize);
  expect(view.events[0]?.seq).toBe(11);
  expect(view.hasOlder).toBe(true);
});

it('what comes while the tail is paused is counted, held back, and shown when it goes on', () => {
  const before = takeNewer(emptyWindow, events(1, 2), false);
  const paused = takeNewer(takeNewer(before, events(3, 4), true), events(4, 6), true);
  expect(seqs(paused)).toEqual([1, 2]);
  expect(paused.heldCount).toBe(4);
  const goneOn = releaseHeld(paused);
  expect(seqs(goneOn)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(goneOn.heldCount).toBe(0);
  expect(goneOn.held).toEqual([]);
});

it('a pause in which more came than is kept ends with the newest, without a hidden gap', () => {
  const before = takeNewer(emptyWindow, events(1, 2), false);
  const paused = takeNewer(before, events(3, tailSize + 100), true);
  expect(paused.held).toHaveLength(tailSize);
  expect(paused.heldCount).toBe(tailSize + 98);
  const goneOn = releaseHeld(paused);
  expect(goneOn.events[0]?.seq).toBe(101);
  expect(goneOn.events).toHaveLength(tailSize);
  expect(goneOn.hasOlder).toBe(true);
});

it('an older page comes in front, whatever of it is there already', () => {
  const view = takeNewer(emptyWindow, events(5, 6), false);
  expect(seqs(putOlder(view, events(3, 5).reverse(), true))).toEqual([3, 4, 5, 6]);
  expect(putOlder(view, [], false).hasOlder).toBe(false);
});

it('older pages that were asked for stay while the tail goes on', () => {
  const full = takeNewer(emptyWindow, events(1_001, 1_000 + tailSize), false);
  const wider = takeNewer(putOlder(full, events(901, 1_000).reverse(), true), events(3_001, 3_050), false);
  expect(wider.events[0]?.seq).toBe(901);
  expect(wider.events).toHaveLength(tailSize + 150);
});
