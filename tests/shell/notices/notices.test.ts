import { describe, expect, test } from 'vitest';
import type { Event } from '../../../src-main/contract/event.ts';
import { Desk, event, ids, rulesOf, settingsOf, settle } from './desk.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

async function openDesk(settings = settingsOf(), start?: number): Promise<Desk> {
  const desk = new Desk(start);
  await desk.begin(10, settings);
  return desk;
}

describe('R66 what a person is told', () => {
  const runId = ids.runId();
  const taskId = ids.taskId();
  const attempt = { taskId, runId: null, attemptId: ids.attemptId(), agentId: 'worker' };
  const cases: readonly (readonly [Event['kind'], object, object])[] = [
    ['run.completed', { runId }, { reason: 'finished', title: 'Run of app completed', route: `/runs/${runId}` }],
    ['run.failed', { runId }, { reason: 'failed', title: 'Run of app failed', body: 'It exited with 1.' }],
    ['task.completed', { taskId }, { reason: 'finished', title: 'Task app completed', route: `/tasks/${taskId}` }],
    ['task.failed', { taskId }, { reason: 'failed', title: 'Task app failed', route: `/tasks/${taskId}` }],
    ['task.died', { taskId }, { reason: 'failed', title: 'Task app is a dead letter', route: `/tasks/${taskId}` }],
    ['attempt.stuck', attempt, { reason: 'stuck', title: 'Task app is stuck', route: `/tasks/${taskId}` }],
    ['attempt.stuck', { ...attempt, runId }, { title: 'A task of app is stuck', route: `/runs/${runId}` }],
    [
      'attempt.stuck',
      { ...attempt, runId, rung: 'park' },
      { reason: 'needsYou', title: 'Run of app is paused for you', route: `/runs/${runId}` },
    ],
    [
      'approval.requested',
      { runId },
      { reason: 'needsYou', title: 'Stage deploy of app needs your approval', body: 'Deploy?', route: '/inbox' },
    ],
    [
      'permission.requested',
      attempt,
      { reason: 'needsYou', title: 'worker asks for your permission', body: 'Write notes.txt', route: '/inbox' },
    ],
  ];

  test.each(cases)('%s %o is told, and leads to what it is about', async (kind, change, expected) => {
    const desk = await openDesk();
    await desk.take(event(11, kind, { ...change }));
    expect(desk.shown).toHaveLength(1);
    expect(desk.shown[0]).toMatchObject(expected);
  });

  test.each([
    ['task.completed', { runId }],
    ['task.failed', { runId }],
    ['task.died', { runId }],
    ['attempt.stuck', { rung: 'stop' }],
    ['attempt.stuck', { rung: 'restart' }],
    ['attempt.stuck', { rung: 'park' }],
    ['engine.stopped', {}],
  ] as const)('%s %o is not: something else tells it, or nobody waits for it', async (kind, change) => {
    const desk = await openDesk();
    await desk.take(event(11, kind, change));
    await desk.pass(minuteMs);
    expect(desk.shown).toEqual([]);
  });

  test('is told without a name when the thing cannot be looked up', async () => {
    const desk = await openDesk();
    desk.facts = { name: null, detail: '', folder: null };
    await desk.take(event(11, 'run.failed'));
    expect(desk.titles).toEqual(['Run of a run failed']);
  });

  test('news without an event are told once, also over a restart, until they are forgotten', async () => {
    const desk = await openDesk();
    const news = {
      reason: 'update',
      key: 'update:2.0.0',
      seq: null,
      noun: 'update',
      thing: null,
      title: 'Signalbox 2.0.0 can be had',
      body: 'You have 1.0.0.',
      route: '/settings/about',
    } as const;
    await desk.notices.tell(news);
    await desk.notices.tell(news);
    await desk.pass(minuteMs);
    desk.restart();
    await desk.begin(10);
    await desk.notices.tell(news);
    await desk.pass(minuteMs);
    expect(desk.titles).toEqual([news.title]);
    desk.notices.forget(news.key);
    await desk.notices.tell(news);
    await settle();
    expect(desk.titles).toEqual([news.title, news.title]);
  });
});

describe('much at once', () => {
  test('the first is told at once, what follows within five seconds together', async () => {
    const desk = await openDesk();
    await desk.take(event(11, 'run.completed'));
    for (const seq of [12, 13, 14]) await desk.take(event(seq, 'run.completed'));
    await desk.take(event(15, 'task.completed'));
    expect(desk.titles).toEqual(['Run of app completed']);
    await desk.pass(5_000);
    expect(desk.shown.slice(1)).toMatchObject([{ title: '3 runs and 1 task completed', route: '/' }]);
    await desk.pass(hourMs);
    expect(desk.shown).toHaveLength(2);
  });

  test('reasons do not wait for each other', async () => {
    const desk = await openDesk();
    await desk.take(event(11, 'run.completed'), event(12, 'run.failed'), event(13, 'approval.requested'));
    expect(desk.shown.map(({ reason }) => reason)).toEqual(['finished', 'failed', 'needsYou']);
  });

  test.each([
    ['run.completed', '2 runs completed', '/runs'],
    ['run.failed', '2 runs failed', '/runs'],
    ['task.failed', '2 tasks failed', '/queue/all'],
    ['task.died', '2 dead letters', '/queue/dead'],
    ['attempt.stuck', '2 attempts got stuck', '/inbox/trouble'],
    ['approval.requested', '2 questions wait for you', '/inbox'],
  ] as const)('several of %s lead to where they all are', async (kind, title, route) => {
    const desk = await openDesk();
    await desk.take(event(11, kind), event(12, kind));
    expect(desk.shown).toMatchObject([{ title, route }]);
  });

  test('never more than eight notices in a minute, and none is lost', async () => {
    const desk = await openDesk();
    for (let seq = 11; seq < 11 + 240; seq += 1) {
      await desk.take(event(seq, seq % 2 === 0 ? 'run.completed' : 'run.failed'));
      await desk.pass(1_000);
    }
    await desk.pass(2 * minuteMs);
    for (const { at } of desk.shown) {
      const inMinute = desk.shown.filter((other) => other.at >= at && other.at < at + minuteMs);
      expect(inMinute.length).toBeLessThanOrEqual(8);
    }
    const counts = desk.titles.map((title) => Number(/^\d+/.exec(title)?.[0] ?? 1));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(240);
  });

  test('a night of finished tasks takes little memory and is counted in full', async () => {
    const desk = await openDesk(settingsOf({ quietHours: { on: true } }), new Date(2026, 0, 5, 23).getTime());
    for (let seq = 11; seq < 1_011; seq += 1) await desk.take(event(seq, 'task.completed'));
    await desk.pass(9 * hourMs);
    expect(desk.shown).toMatchObject([{ title: 'During the quiet hours', body: '1000 tasks completed' }]);
  });
});

describe('what was settled meanwhile', () => {
  test('a question that was answered while it waited to be told is not told', async () => {
    const desk = await openDesk();
    const [first, second] = [event(11, 'approval.requested'), event(12, 'approval.requested')];
    await desk.take(first);
    await desk.take(second);
    const { approvalId } = second as Extract<Event, { kind: 'approval.requested' }>;
    await desk.take(event(13, 'approval.answered', { approvalId }));
    await desk.pass(hourMs);
    expect(desk.shown).toHaveLength(1);
    expect(desk.shown[0]?.isClosed).toBe(false);
  });

  test('the notice of a question is taken away when it is answered, that of several with the last of them', async () => {
    const desk = await openDesk();
    const asked = [11, 12].map((seq) => event(seq, 'permission.requested'));
    await desk.take(...asked);
    const [one, other] = asked.map((each) => (each as Extract<Event, { kind: 'permission.requested' }>).permissionId);
    await desk.take(event(13, 'permission.answered', { permissionId: one }));
    expect(desk.shown[0]?.isClosed).toBe(false);
    await desk.take(event(14, 'permission.answered', { permissionId: other }));
    expect(desk.shown[0]?.isClosed).toBe(true);
  });

  test('an attempt is told to be stuck once, until it did something again', async () => {
    const desk = await openDesk();
    const stuck = { attemptId: ids.attemptId() };
    await desk.take(event(11, 'attempt.stuck', stuck));
    await desk.take(event(12, 'attempt.stuck', { ...stuck, evidence: 'it computes' }));
    await desk.pass(minuteMs);
    expect(desk.shown).toHaveLength(1);
    await desk.take(event(13, 'attempt.unstuck', stuck));
    expect(desk.shown[0]?.isClosed).toBe(true);
    await desk.take(event(14, 'attempt.stuck', stuck));
    expect(desk.shown).toHaveLength(2);
  });
});

describe('what the person wants', () => {
  test.each([
    ['switched off', settingsOf({ on: false })],
    ['muted', settingsOf({ mutedUntil: Date.UTC(2026, 0, 1, 1) })],
    ['without this reason', settingsOf({ reasons: { failed: false } })],
  ])('nothing is told %s, nor afterwards', async (_name, settings) => {
    const desk = await openDesk(settings);
    await desk.take(event(11, 'run.failed'), event(12, 'run.failed'));
    await desk.pass(30 * minuteMs);
    desk.notices.setRules(rulesOf(settingsOf()));
    await desk.pass(hourMs);
    expect(desk.shown).toEqual([]);
    desk.restart();
    await desk.begin(12, settingsOf(), [event(11, 'run.failed')]);
    expect(desk.shown).toEqual([]);
  });

  test('muting ends by itself', async () => {
    const desk = await openDesk(settingsOf({ mutedUntil: Date.UTC(2026, 0, 1, 1) }));
    await desk.pass(hourMs);
    await desk.take(event(11, 'run.failed'));
    expect(desk.shown).toHaveLength(1);
  });

  test('what waits to be told is dropped when its reason is switched off', async () => {
    const desk = await openDesk();
    await desk.take(event(11, 'run.completed'));
    await desk.take(event(12, 'run.completed'));
    desk.notices.setRules(rulesOf(settingsOf({ reasons: { finished: false } })));
    await desk.pass(hourMs);
    expect(desk.shown).toHaveLength(1);
  });

  test('a project says otherwise for work in its folder', async () => {
    const desk = await openDesk();
    const settings = settingsOf();
    const reasonsFor = (folder: string | null) => ({ ...settings.reasons, finished: folder !== '/quiet' });
    desk.notices.setRules(rulesOf(settings, { reasonsFor, differing: new Set(['finished']) }));
    desk.facts = { ...desk.facts, folder: '/quiet' };
    await desk.take(event(11, 'run.completed'));
    desk.facts = { ...desk.facts, folder: '/loud' };
    await desk.take(event(12, 'run.completed'));
    expect(desk.shown).toHaveLength(1);
  });

  test('what the person has in front of them is not told', async () => {
    const desk = await openDesk();
    desk.lookedAt = '/inbox';
    await desk.take(event(11, 'approval.requested'));
    desk.lookedAt = '/runs';
    await desk.pass(minuteMs);
    expect(desk.shown).toEqual([]);
  });
});

describe('quiet hours', () => {
  const night = settingsOf({ quietHours: { on: true, from: '22:00', to: '07:00' } });
  const evening = new Date(2026, 0, 5, 23).getTime();

  test('at their end one summary tells what was kept', async () => {
    const desk = await openDesk(night, evening);
    await desk.take(event(11, 'run.completed'), event(12, 'run.failed'), event(13, 'approval.requested'));
    await desk.pass(8 * hourMs - 1);
    expect(desk.shown).toEqual([]);
    await desk.pass(1);
    expect(desk.shown).toMatchObject([
      {
        title: 'During the quiet hours',
        body: '1 run completed, 1 run failed, 1 question waits for you',
        route: '/inbox',
      },
    ]);
  });

  test('one thing that was kept is told as ever, and one that was settled is not', async () => {
    const desk = await openDesk(night, evening);
    const asked = event(12, 'approval.requested') as Extract<Event, { kind: 'approval.requested' }>;
    await desk.take(event(11, 'run.failed'), asked);
    await desk.take(event(13, 'approval.answered', { approvalId: asked.approvalId }));
    await desk.pass(9 * hourMs);
    expect(desk.titles).toEqual(['Run of app failed']);
  });

  test('a restart in the night keeps what was kept, and repeats nothing', async () => {
    const desk = await openDesk(night, evening - 2 * hourMs);
    const stored = [event(11, 'run.completed'), event(12, 'run.failed'), event(13, 'run.failed')];
    await desk.take(...stored.slice(0, 1));
    expect(desk.titles).toEqual(['Run of app completed']);
    await desk.pass(2 * hourMs);
    await desk.take(...stored.slice(1));
    desk.notices.stop();
    desk.restart();
    await desk.begin(13, night, stored);
    await desk.pass(9 * hourMs);
    expect(desk.shown.slice(1)).toMatchObject([{ body: '2 runs failed', route: '/runs' }]);
  });

  test('are over at once when they are switched off, and when the machine slept through their end', async () => {
    const desk = await openDesk(night, evening);
    await desk.take(event(11, 'run.failed'));
    desk.notices.setRules(rulesOf(settingsOf()));
    await settle();
    expect(desk.shown).toHaveLength(1);
    desk.notices.setRules(rulesOf(night));
    await desk.take(event(12, 'run.failed'));
    desk.clock.jump(9 * hourMs);
    desk.notices.look();
    await settle();
    expect(desk.shown).toHaveLength(1);
    await desk.pass(5_000);
    expect(desk.shown).toHaveLength(2);
  });
});

describe('over restarts', () => {
  test('a first start tells nothing of what was there before', async () => {
    const desk = new Desk();
    await desk.begin(3, settingsOf(), [event(1, 'run.failed'), event(2, 'run.completed')]);
    await desk.pass(minuteMs);
    expect(desk.shown).toEqual([]);
  });

  test('what was told is not told again; what happened since becomes one summary for each reason', async () => {
    const desk = await openDesk();
    const told = [event(11, 'run.completed'), event(12, 'run.failed')];
    await desk.take(...told);
    desk.restart();
    const since = [
      event(13, 'run.completed'),
      event(14, 'run.completed'),
      event(15, 'run.failed'),
      event(16, 'task.died'),
      event(17, 'approval.requested'),
    ];
    await desk.begin(17, settingsOf(), [...told, ...since]);
    await desk.take(...told, ...since);
    await desk.pass(minuteMs);
    expect(desk.shown.slice(2)).toMatchObject([
      { title: '2 runs completed', body: 'While Signalbox was closed.' },
      { title: '1 run and 1 dead letter failed' },
      { title: 'Stage deploy of app needs your approval' },
    ]);
  });

  test('it is noted before it is shown: a crash between repeats nothing', async () => {
    const desk = await openDesk();
    const failed = event(11, 'run.failed');
    await desk.take(failed);
    // Nothing was stopped: what is in the record now is what was there when it was shown.
    desk.restart();
    await desk.begin(11, settingsOf(), [failed]);
    await desk.pass(minuteMs);
    expect(desk.shown).toHaveLength(1);
  });

  test('what nobody is told is noted, but not for each event', async () => {
    const desk = await openDesk(settingsOf({ on: false }));
    const before = desk.writes;
    for (let seq = 11; seq < 1_011; seq += 1) await desk.take(event(seq, 'run.completed'));
    await desk.pass(5_000);
    expect(desk.writes).toBe(before + 1);
    expect(desk.record?.toldUpTo.finished).toBe(1_010);
    expect(desk.clock.timers).toBe(0);
  });

  test('a database that was replaced by an older one begins anew', async () => {
    const desk = await openDesk();
    await desk.take(event(11, 'run.failed'));
    desk.restart();
    await desk.begin(5, settingsOf(), [event(5, 'run.failed')]);
    expect(desk.shown).toHaveLength(1);
    await desk.take(event(6, 'run.completed'));
    expect(desk.titles.at(-1)).toBe('Run of app completed');
    // The same while the application goes on.
    await desk.begin(2);
    await desk.take(event(3, 'task.died'));
    await desk.pass(minuteMs);
    expect(desk.titles.at(-1)).toBe('Task app is a dead letter');
  });

  test('after it was stopped nothing is shown', async () => {
    const desk = await openDesk();
    desk.notices.stop();
    await desk.take(event(11, 'run.failed'));
    await desk.pass(hourMs);
    expect(desk.shown).toEqual([]);
    desk.notices.stop();
  });
});
