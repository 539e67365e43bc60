import { describe, expect, test } from 'vitest';
import type { Timing } from '../../src-main/contract/schedule.ts';
import type { DueTimes } from '../../src-main/core/schedule-times.ts';
import { dueTimes, neverDue, whenInWords } from '../../src-main/core/schedule-times.ts';

const at = (text: string) => Date.parse(text);
const cron = (expression: string, timeZone = 'UTC'): Timing => ({ kind: 'cron', expression, timeZone });

function timesOf(timing: Timing, anchor = 0): DueTimes {
  const times = dueTimes(timing, anchor);
  if (!times.ok) throw new Error(times.error.message);
  return times.value;
}

/** The next due times after a moment, as text. */
function following(timing: Timing, after: string, count: number): string[] {
  const { next } = timesOf(timing);
  const found: string[] = [];
  for (let time = next(at(after)); time !== null && found.length < count; time = next(time)) {
    found.push(new Date(time).toISOString());
  }
  return found;
}

function refusal(timing: Timing) {
  const times = dueTimes(timing, 0);
  return times.ok ? null : times.error;
}

describe('R61 expressions', () => {
  test.each([
    ['0 6 * * *', 'Europe/Berlin', ['2026-02-03T05:00:00.000Z', '2026-02-04T05:00:00.000Z']],
    ['30 0 6 * * *', 'UTC', ['2026-02-02T06:00:30.000Z', '2026-02-03T06:00:30.000Z']],
    ['0 0 L * *', 'UTC', ['2026-02-28T00:00:00.000Z', '2026-03-31T00:00:00.000Z']],
    ['0 0 29 2 *', 'UTC', ['2028-02-29T00:00:00.000Z', '2032-02-29T00:00:00.000Z']],
    ['0 9 * * MON-FRI', 'UTC', ['2026-02-02T09:00:00.000Z', '2026-02-03T09:00:00.000Z']],
    ['@daily', 'UTC', ['2026-02-03T00:00:00.000Z', '2026-02-04T00:00:00.000Z']],
  ])('%s in %s is due when it says', (expression, zone, expected) => {
    expect(following(cron(expression, zone), '2026-02-02T05:00:00Z', 2)).toEqual(expected);
  });

  test('without a time zone holds in that of the machine', () => {
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    const timing: Timing = { kind: 'cron', expression: '0 6 * * *' };
    expect(following(timing, '2026-02-02T05:00:00Z', 3)).toEqual(
      following(cron('0 6 * * *', timeZone), '2026-02-02T05:00:00Z', 3),
    );
  });

  test.each([
    ['Europe/Berlin', '30 2 * * *', '2026-03-28T12:00:00Z', ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']],
    [
      'America/New_York',
      '30 2 * * *',
      '2026-03-07T12:00:00Z',
      ['2026-03-08T07:00:00.000Z', '2026-03-09T06:30:00.000Z'],
    ],
  ])(
    '%s: a time of day in the hour that is left out in spring is due right after it',
    (zone, text, after, expected) => {
      expect(following(cron(text, zone), after, 2)).toEqual(expected);
    },
  );

  test.each([
    ['Europe/Berlin', '30 2 * * *', '2026-10-24T12:00:00Z', ['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']],
    [
      'America/New_York',
      '30 1 * * *',
      '2026-10-31T12:00:00Z',
      ['2026-11-01T05:30:00.000Z', '2026-11-02T06:30:00.000Z'],
    ],
  ])('%s: a time of day in the hour that comes twice in autumn is due once', (zone, text, after, expected) => {
    expect(following(cron(text, zone), after, 2)).toEqual(expected);
  });

  test('what is due every half hour is due in each half hour that passes, twice over in autumn', () => {
    const halfHours = ['00:00', '00:30', '01:00', '01:30', '02:00'].map((time) => `2026-10-25T${time}:00.000Z`);
    expect(following(cron('*/30 * * * *', 'Europe/Berlin'), '2026-10-24T23:59:00Z', 5)).toEqual(halfHours);
  });

  test.each([
    ['61 * * * *', /61/],
    ['a b c d e', /illegal/],
    ['* * * *', /it has 4 fields/],
    ['daily', /it has 1 field\./],
    ['* * * * * * *', /it has 7 fields/],
    ['2026-01-01T00:00:00', /it has 1 field\./],
    ['@reboot', /not supported/],
    ['   ', /it has 1 field\./],
  ])('%j is refused, naming the field', (expression, message) => {
    const error = refusal(cron(expression));
    expect(error).toMatchObject({ type: 'invalidInput', field: 'timing.expression' });
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toMatch(/CronPattern|Error|\.\.$/);
    expect(error?.remedy).toContain('five fields');
  });

  test('an unknown time zone is refused with the nearest name', () => {
    expect(refusal(cron('0 6 * * *', 'Europe/Berlim'))).toMatchObject({
      message: 'There is no time zone Europe/Berlim. Did you mean Europe/Berlin?',
      field: 'timing.timeZone',
    });
    expect(refusal(cron('0 6 * * *', 'x'.repeat(100)))?.message).toMatch(/x\.$/);
  });

  test.each(['0 0 30 2 *', '0 0 31 2,4,6,9,11 *', '* * * 30 2 *'])('%s is never due, and says so', (expression) => {
    expect(timesOf(cron(expression)).next(at('2026-01-01T00:00:00Z'))).toBeNull();
    expect(neverDue(cron(expression))).toMatchObject({
      message: `The expression "${expression}" is never due: no such day comes.`,
      field: 'timing.expression',
    });
  });
});

describe('R61 times since one that was due', () => {
  test('are all up to now, when they are not too many', () => {
    const first = at('2026-02-02T06:00:00Z');
    const { since } = timesOf(cron('0 6 * * *'));
    expect(since(first, at('2026-02-04T05:59:59Z'), 5)).toEqual({
      times: [first, at('2026-02-03T06:00:00Z')],
      earlier: 0,
      exact: true,
    });
    expect(since(first, first, 5).times).toEqual([first]);
  });

  test('are the newest of a year of seconds, found without going through the year', () => {
    const now = at('2027-02-02T06:00:00.500Z');
    const { times, earlier, exact } = timesOf(cron('* * * * * *', 'Europe/Berlin')).since(
      at('2026-02-02T06:00:00Z'),
      now,
      100,
    );
    expect(times).toEqual(Array.from({ length: 100 }, (_, index) => now - 500 - (99 - index) * 1_000));
    expect({ earlier, exact }).toEqual({ earlier: 101, exact: false });
  });

  test('of an expression that ends are those that there were', () => {
    const first = at('9999-12-31T23:59:59Z');
    expect(timesOf(cron('59 59 23 31 12 *')).since(first, first + 1e12, 5).times).toEqual([first]);
  });
});

describe('R61 intervals', () => {
  const timing: Timing = { kind: 'interval', everyMs: 60_000 };
  const { next, since } = timesOf(timing, 5_000);

  test('count from when they were saved, whatever the moment they are asked at', () => {
    expect([0, 5_000, 64_999, 65_000, 700_123].map(next)).toEqual([65_000, 65_000, 65_000, 125_000, 725_000]);
  });

  test('count what was left out exactly', () => {
    expect(since(65_000, 65_000, 3)).toEqual({ times: [65_000], earlier: 0, exact: true });
    expect(since(65_000, 365_999, 3)).toEqual({ times: [245_000, 305_000, 365_000], earlier: 3, exact: true });
  });
});

describe('R61 once', () => {
  test('is due at its time and never again', () => {
    const timing: Timing = { kind: 'once', at: 9_000 };
    const { next, since } = timesOf(timing);
    expect([next(8_999), next(9_000)]).toEqual([9_000, null]);
    expect(since(9_000, 20_000, 5)).toEqual({ times: [9_000], earlier: 0, exact: true });
    expect(neverDue(timing)).toMatchObject({ message: '1970-01-01 00:00:09 UTC has passed.', field: 'timing.at' });
  });
});

test.each<[Timing, string]>([
  [cron('0 6 * * *', 'Europe/Berlin'), 'every day at 06:00 (Europe/Berlin)'],
  [cron('0 5 6 * * *'), 'every day at 06:05 (UTC)'],
  [cron(' 0  6 * * MON-FRI '), 'every Monday to Friday at 06:00 (UTC)'],
  [cron('0 6 * * 7'), 'every Sunday at 06:00 (UTC)'],
  [cron('0 6 1 * *'), 'on day 1 of every month at 06:00 (UTC)'],
  [cron('0 6 l * *'), 'on the last day of every month at 06:00 (UTC)'],
  [cron('@hourly'), 'every hour at minute 0 (UTC)'],
  [cron('* * * * *'), 'every minute (UTC)'],
  [cron('*/15 * * * *'), 'every 15 minutes (UTC)'],
  [cron('*/7 * * * *'), '*/7 * * * * (UTC)'],
  [cron('1,2 * * * *'), '1,2 * * * * (UTC)'],
  [cron('*/15 6 * * *'), '*/15 6 * * * (UTC)'],
  [cron('*/15 * 1 * *'), '*/15 * 1 * * (UTC)'],
  [cron('0 6 1 2 *'), '0 6 1 2 * (UTC)'],
  [cron('0 6,7 * * *'), '0 6,7 * * * (UTC)'],
  [cron('0 * 1 * *'), '0 * 1 * * (UTC)'],
  [cron('0 6 1,2 * *'), '0 6 1,2 * * (UTC)'],
  [cron('0 6 1 * MON'), '0 6 1 * MON (UTC)'],
  [cron('0 6 * * MON,TUE'), '0 6 * * MON,TUE (UTC)'],
  [cron('5 0 6 * * *'), '5 0 6 * * * (UTC)'],
  [{ kind: 'interval', everyMs: 60_000 }, 'every minute'],
  [{ kind: 'interval', everyMs: 172_800_000 }, 'every 2 days'],
  [{ kind: 'interval', everyMs: 90_000 }, 'every 90 seconds'],
  [{ kind: 'interval', everyMs: 1_500 }, 'every 1500 ms'],
  [{ kind: 'once', at: Date.UTC(2026, 0, 1, 6) }, 'once, 2026-01-01 06:00 UTC'],
])('R61 a timing in words: %j', (timing, words) => {
  expect(whenInWords(timing)).toBe(words);
});

test('R61 a timing without a time zone names that of the machine', () => {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  expect(whenInWords({ kind: 'cron', expression: '0 6 * * *' })).toBe(`every day at 06:00 (${timeZone})`);
});

test('R61 no expression holds up others', () => {
  const hostile = [
    '0 0 30 2 *',
    '0 0 29 2 1#5',
    '59 59 23 31 2 *',
    '0 0 31 2,4,6,9,11 *',
    '* * * * * *',
    '0 0 29 2 +1',
  ];
  const took = hostile.map((expression) => {
    const before = performance.now();
    const { next, since } = timesOf(cron(expression, 'Australia/Lord_Howe'));
    const first = next(at('2026-01-01T00:00:00Z'));
    if (first !== null) since(first, at('2027-01-01T00:00:00Z'), 100);
    return performance.now() - before;
  });
  // A bound for machines that are busy; on one at rest each takes a few milliseconds.
  expect(Math.max(...took)).toBeLessThan(500);
});
