import { expect, test, vi } from 'vitest';
import { watchRun } from '../../src-main/cli/watch-run.ts';
import { refuse } from '../../src-main/contract/errors.ts';
import type { Event } from '../../src-main/contract/event.ts';
import type { RunId } from '../../src-main/contract/ids.ts';
import { ok } from '../../src-main/contract/result.ts';
import { until } from '../support/until.ts';
import type { FakeEngine } from '../transport/fake-engine.ts';
import { createFakeEngine } from '../transport/fake-engine.ts';
import { createFakeCli, reachOf } from './fake-context.ts';
import { claimedEvents, createdEvent, runId, sampleEvent } from './samples.ts';

function commit(engine: FakeEngine, event: Event) {
  const { seq: _seq, ...fields } = event;
  engine.commit(fields);
}

function watch(options: Parameters<typeof createFakeCli>[0] = {}) {
  const cli = createFakeCli(options);
  const view = { event: vi.fn(), say: vi.fn(), end: vi.fn() };
  const reached = reachOf(cli.engine, options.role ?? 'guest', cli.closes);
  const end = watchRun({ context: cli.context, options: {}, reached, runId: runId as RunId, view });
  return { cli, view, end, reached };
}

test('a run is followed to its end, and nothing is listened to after it', async () => {
  const { cli, view, end } = watch();
  for (const event of [createdEvent(), ...claimedEvents('build'), sampleEvent('run.completed', {})])
    commit(cli.engine, event);
  expect(await end).toMatchObject({ run: { state: 'completed' }, signal: null, leave: 'no' });
  expect(view.end).toHaveBeenCalledOnce();
  expect(cli.listening).toBe(0);
  await until('the end of the subscription', () => (cli.engine.subscriptions === 0 ? true : undefined));
});

test('Ctrl-C cancels the run and waits for its end', async () => {
  const cancelRun = vi.fn(() => ok({}) as never);
  const { cli, view, end } = watch({ handlers: { cancelRun } });
  commit(cli.engine, createdEvent());
  await until('the first event', () => (view.event.mock.calls.length > 0 ? true : undefined));
  cli.signal('SIGINT');
  await until('the cancelling', () => (cancelRun.mock.calls.length > 0 ? true : undefined));
  expect(view.say.mock.calls).toEqual([['Cancelling the run. Ctrl-C again stops at once.']]);
  commit(cli.engine, sampleEvent('run.cancelled', { reason: 'Ctrl-C in the terminal' }));
  expect(await end).toMatchObject({ run: { state: 'cancelled' }, signal: 'SIGINT', leave: 'no' });
});

test('a second Ctrl-C does not wait', async () => {
  const { cli, view, end } = watch({ handlers: { cancelRun: () => new Promise(() => {}) } });
  commit(cli.engine, createdEvent());
  await until('the first event', () => (view.event.mock.calls.length > 0 ? true : undefined));
  cli.signal('SIGINT');
  cli.signal('SIGINT');
  expect(await end).toMatchObject({ signal: 'SIGINT', leave: 'atOnce', run: { state: 'queued' } });
});

test.each(['SIGTERM', 'SIGHUP'] as const)('R70 %s leaves the run to be continued', async (signal) => {
  const cancelRun = vi.fn();
  const { cli, view, end } = watch({ handlers: { cancelRun } });
  commit(cli.engine, createdEvent());
  await until('the first event', () => (view.event.mock.calls.length > 0 ? true : undefined));
  cli.signal(signal);
  expect(await end).toMatchObject({ signal, leave: 'park' });
  expect(cancelRun).not.toHaveBeenCalled();
});

test('a run that cannot be cancelled says why, unless it has just ended', async () => {
  let answer = refuse('unavailable', 'The engine is stopping.', 'Wait.');
  const { cli, view, end } = watch({ handlers: { cancelRun: () => answer } });
  commit(cli.engine, createdEvent());
  cli.signal('SIGINT');
  await until('the sentence', () => (view.say.mock.calls.length === 2 ? true : undefined));
  expect(view.say.mock.calls[1]).toEqual(['The engine is stopping.']);
  answer = refuse('refused', 'It has ended.', 'Nothing.');
  commit(cli.engine, sampleEvent('run.completed', {}));
  await end;
  expect(view.say).toHaveBeenCalledTimes(2);
});

test('R80 when the engine of another process ends, this terminal goes on with the run', async () => {
  const first = createFakeEngine();
  const second = createFakeEngine({ getRun: () => ok({}) as never });
  const before = [createdEvent(), ...claimedEvents('build')];
  for (const event of before) {
    commit(first, event);
    commit(second, event);
  }
  const takeOver = reachOf(second, 'host');
  const cli = createFakeCli({ engine: first, reach: async () => takeOver });
  const view = { event: vi.fn(), say: vi.fn(), end: vi.fn() };
  const guest = reachOf(first, 'guest');
  let lose = () => {};
  const lossy = {
    ...guest,
    follow: async (...[subscription, listener]: Parameters<typeof guest.follow>) => {
      lose = () => listener.ended({ type: 'unavailable', message: 'The connection was lost.', remedy: '' });
      return guest.follow(subscription, listener);
    },
  };
  const end = watchRun({ context: cli.context, options: {}, reached: lossy, runId: runId as RunId, view });
  await until('the events so far', () => (view.event.mock.calls.length === before.length ? true : undefined));
  lose();
  await until('the new engine', () => (second.subscriptions === 1 ? true : undefined));
  expect(view.say.mock.calls).toEqual([['The engine of process 77 ended; this terminal goes on with the run.']]);
  commit(second, sampleEvent('run.completed', {}));
  expect(await end).toMatchObject({ run: { state: 'completed' }, reached: takeOver });
  expect(view.event).toHaveBeenCalledTimes(before.length + 1);
});

test('R75 when the engine of this process cannot be followed, the command ends with what it said', async () => {
  const error = { type: 'storeFailed', message: 'Disk full.', remedy: 'Free some.' } as const;
  const { end } = watch({ role: 'host', handlers: { listEvents: () => ({ ok: false, error }) } });
  await expect(end).rejects.toMatchObject({ apiError: error });
});
