import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src-main/contract/event.ts';
import { addNewer, addOlder } from '../../../src-renderer/api/event-ring.ts';

function events(...numbers: readonly number[]): readonly Event[] {
  return numbers.map((seq) => ({ seq, at: 0, actor: 'engine', kind: 'engine.stopped', reason: 'test' }));
}

describe('an event ring', () => {
  it('adds what is newer, and nothing twice', () => {
    expect(addNewer({ events: events(1, 2), hasOlder: false }, events(2, 3), 10)).toEqual({
      events: events(1, 2, 3),
      hasOlder: false,
    });
  });

  it('lets the oldest fall out, and says that there is more before', () => {
    expect(addNewer({ events: events(1, 2, 3), hasOlder: false }, events(4, 5), 3)).toEqual({
      events: events(3, 4, 5),
      hasOlder: true,
    });
  });

  it('puts a page of older ones, which comes newest first, in front', () => {
    expect(addOlder({ events: events(7, 8), hasOlder: true }, events(7, 6, 5), false)).toEqual({
      events: events(5, 6, 7, 8),
      hasOlder: false,
    });
  });
});
