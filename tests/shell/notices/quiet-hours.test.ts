import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Event } from '../../../src-main/contract/event.ts';
import { quietUntil } from '../../../src-main/shell/notices/quiet-hours.ts';
import { Desk, event, settingsOf } from './desk.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A place with daylight saving time: its clocks skip 02:00 to 03:00 on 29 March 2026, and repeat it on 25 October. */
beforeEach(() => {
  vi.stubEnv('TZ', 'Europe/Berlin');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

function hours(from: string, to: string) {
  return settingsOf({ quietHours: { on: true, from, to } }).quietHours;
}

function timeOfDay(at: number): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}

describe('quiet hours', () => {
  test('hold from their first minute to the one before their end', () => {
    const day = (clock: string) => new Date(`2026-01-05T${clock}`).getTime();
    const lunch = hours('12:00', '13:00');
    expect(quietUntil(lunch, day('11:59:59'))).toBeNull();
    expect(quietUntil(lunch, day('12:00:00'))).toBe(day('13:00'));
    expect(quietUntil(lunch, day('12:59:59'))).toBe(day('13:00'));
    expect(quietUntil(lunch, day('13:00:00'))).toBeNull();
    expect(quietUntil({ ...lunch, on: false }, day('12:30:00'))).toBeNull();
  });

  test('go over midnight', () => {
    const night = hours('22:00', '07:00');
    const end = new Date('2026-01-06T07:00').getTime();
    expect(quietUntil(night, new Date('2026-01-05T22:00').getTime())).toBe(end);
    expect(quietUntil(night, new Date('2026-01-06T06:59').getTime())).toBe(end);
    expect(quietUntil(night, new Date('2026-01-05T21:59').getTime())).toBeNull();
  });

  test('end when the clock on the wall says so, although an hour is left out or repeated', () => {
    const night = hours('22:00', '07:00');
    expect(quietUntil(night, new Date('2026-03-28T22:00').getTime())).toBe(new Date('2026-03-29T07:00').getTime());
    expect(quietUntil(night, new Date('2026-10-24T22:00').getTime())).toBe(new Date('2026-10-25T07:00').getTime());
    // 02:30 does not come that night: the first minute after the gap is no longer quiet.
    const short = hours('22:00', '02:30');
    expect(quietUntil(short, new Date('2026-03-28T23:00').getTime())).toBe(new Date('2026-03-29T03:00').getTime());
  });

  const times = fc
    .tuple(fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 0, max: 1_439 }))
    .filter(([from, to]) => from !== to)
    .map(([from, to]) => hours(clock(from), clock(to)));
  const moments = fc.oneof(
    fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }),
    fc.integer({ min: Date.UTC(2026, 2, 28), max: Date.UTC(2026, 2, 31) }),
    fc.integer({ min: Date.UTC(2026, 9, 24), max: Date.UTC(2026, 9, 27) }),
  );

  function clock(minutes: number): string {
    return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
  }

  test('end at the first minute that is not quiet, within the next day', () => {
    fc.assert(
      fc.property(times, moments, (quiet, at) => {
        const now = timeOfDay(at);
        const isIn = quiet.from < quiet.to ? now >= quiet.from && now < quiet.to : now >= quiet.from || now < quiet.to;
        const end = quietUntil(quiet, at);
        expect(end !== null).toBe(isIn);
        if (end === null) return;
        expect(end).toBeGreaterThan(at);
        expect(end - at).toBeLessThanOrEqual(25 * hourMs);
        expect(quietUntil(quiet, end)).toBeNull();
        expect(quietUntil(quiet, end - 1)).not.toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  test('R66 whatever happens when, and however often it is started: nothing is told in them, nothing lost, nothing twice', async () => {
    const kinds = ['run.completed', 'run.failed', 'task.completed', 'task.died', 'attempt.stuck'] as const;
    const step = fc.oneof(
      fc.record({ do: fc.constant('happen' as const), kind: fc.constantFrom(...kinds) }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 5 * hourMs }) }),
      fc.record({ do: fc.constant('stop' as const) }),
      fc.record({ do: fc.constant('kill' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(
        times.filter(leavesAnHour),
        moments,
        fc.array(step, { maxLength: 25 }),
        async (quietHours, start, steps) => {
          const settings = settingsOf({ quietHours });
          const desk = new Desk(start);
          await desk.begin(0, settings);
          const stored: Event[] = [];
          for (const one of steps) {
            if (one.do === 'wait') await live(desk, one.ms);
            else if (one.do === 'happen') {
              const next = event(stored.length + 1, one.kind);
              stored.push(next);
              await desk.take(next);
            } else {
              if (one.do === 'stop') desk.notices.stop();
              desk.restart();
              await desk.begin(stored.length, settings, stored);
            }
          }
          await live(desk, 27 * hourMs);
          for (const { at } of desk.shown) expect(quietUntil(quietHours, at)).toBeNull();
          expect(desk.shown.reduce((sum, { title, body }) => sum + countIn(title, body), 0)).toBe(stored.length);
        },
      ),
      { numRuns: 150 },
    );
  });

  /** Words for a notice take their turn, which the clock must leave them. */
  async function live(desk: Desk, ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 10 * minuteMs) await desk.pass(Math.min(left, 10 * minuteMs));
  }

  function leavesAnHour({ from, to }: { readonly from: string; readonly to: string }): boolean {
    const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
    return (minutes(from) - minutes(to) + 1_440) % 1_440 >= 60;
  }

  /** How many pieces of news a notice tells. */
  function countIn(title: string, body: string): number {
    const said = title === 'During the quiet hours' ? body : title;
    const numbers = [...said.matchAll(/(\d+) (?:runs?|tasks?|dead letters?|attempts?)\b/g)];
    return numbers.length === 0 ? 1 : numbers.reduce((sum, [, count]) => sum + Number(count), 0);
  }
});
