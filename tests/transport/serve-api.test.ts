import { expect, test, vi } from 'vitest';
import { refuse } from '../../src-main/contract/errors.ts';
import { ok } from '../../src-main/contract/result.ts';
import { serveApi } from '../../src-main/transport/serve-api.ts';
import type { FakeEngine } from './fake-engine.ts';
import { createFakeEngine } from './fake-engine.ts';
import { createManualTimer } from './manual-timer.ts';

function serve(engine: FakeEngine) {
  const logger = { error: vi.fn() };
  const served = serveApi({ engine, timer: createManualTimer(), logger, createReference: () => 'ref-1' });
  return { served, logger };
}

test('a call reaches its handler with the defaults filled in', async () => {
  const engine = createFakeEngine({ listRuns: () => ok({ runs: [], next: null, total: null }) });
  const { served } = serve(engine);
  expect(await served.call('listRuns', {})).toEqual(ok({ runs: [], next: null, total: null }));
  expect(engine.calls).toEqual([{ name: 'listRuns', input: { limit: 100, count: false } }]);
});

test('R74 an input that does not fit is refused with its field, and no handler is called', async () => {
  const engine = createFakeEngine();
  const { served, logger } = serve(engine);
  expect(await served.call('getRun', { runId: 'nonsense' })).toEqual(
    refuse(
      'invalidInput',
      'The input of getRun is not valid: runId must look like run_ followed by 26 characters.',
      'Correct runId and try again.',
      { field: 'runId' },
    ),
  );
  expect(engine.calls).toEqual([]);
  expect(logger.error).not.toHaveBeenCalled();
});

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'getrun', 'x'.repeat(10_000)])(
  'R71 a name that is not in the contract is not found: %s',
  async (name) => {
    const engine = createFakeEngine();
    const result = await serve(engine).served.call(name, {});
    expect(result).toMatchObject({ ok: false, error: { type: 'notFound' } });
    expect(JSON.stringify(result).length).toBeLessThan(300);
    expect(engine.calls).toEqual([]);
  },
);

test('R71 a field called __proto__ is not taken for data, and changes no prototype', async () => {
  const engine = createFakeEngine({ startRun: () => refuse('refused', 'no', 'no') });
  const { served } = serve(engine);
  const input: unknown = JSON.parse(
    '{"workflow":"app","inputs":{"a":{"__proto__":{"polluted":1},"b":2},"__proto__":{"polluted":1}}}',
  );
  await served.call('startRun', input);
  expect(engine.calls[0]?.input).toEqual({ workflow: 'app', inputs: { a: { b: 2 } }, priority: 'normal' });
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  expect(await served.call('startRun', JSON.parse('{"__proto__":{"workflow":"app"}}'))).toMatchObject({ ok: false });
});

test('R46 an unexpected failure is logged once with a reference, and the caller sees none of its cause', async () => {
  const engine = createFakeEngine({
    getStatus() {
      throw new Error('SQLITE_CORRUPT in /secret/path');
    },
  });
  const { served, logger } = serve(engine);
  const result = await served.call('getStatus', {});
  expect(result).toEqual(
    refuse(
      'internal',
      'The engine failed unexpectedly (reference ref-1).',
      'Look for the reference in engine.log in the data folder, and report it.',
    ),
  );
  expect(logger.error.mock.calls).toEqual([
    ['getStatus failed unexpectedly', { reference: 'ref-1', cause: expect.stringContaining('SQLITE_CORRUPT') }],
  ]);
});

test('a handler that rejects with something that is no error is answered as internal too', async () => {
  const engine = createFakeEngine({ getStatus: () => Promise.reject('just a text') });
  const { served, logger } = serve(engine);
  expect(await served.call('getStatus', {})).toMatchObject({ ok: false, error: { type: 'internal' } });
  expect(logger.error.mock.calls[0]?.[1]).toEqual({ reference: 'ref-1', cause: 'just a text' });
});

test('what a handler refuses is passed on word for word', async () => {
  const refusal = refuse('refused', 'The run has ended.', 'Start a new one.');
  const engine = createFakeEngine({ cancelRun: () => refusal });
  const input = { runId: `run_${'0'.repeat(26)}`, reason: 'x' };
  expect(await serve(engine).served.call('cancelRun', input)).toBe(refusal);
});

test('R71 a subscription that does not fit is refused', () => {
  const { served } = serve(createFakeEngine());
  const listener = { deliver: vi.fn(), ended: vi.fn() };
  expect(served.follow({ topic: 'everything' }, listener)).toMatchObject({
    ok: false,
    error: {
      type: 'invalidInput',
      message: 'The subscription is not valid: topic must be one of events, log, changes.',
    },
  });
});

test('a subscription that the engine cannot start is answered as internal', () => {
  const engine = createFakeEngine();
  const broken: FakeEngine = {
    ...engine,
    subscribe() {
      throw new Error('no watcher left');
    },
  };
  const { served, logger } = serve(broken);
  const listener = { deliver: vi.fn(), ended: vi.fn() };
  const subscription = { topic: 'log', attemptId: `attempt_${'0'.repeat(26)}` };
  expect(served.follow(subscription, listener)).toMatchObject({ ok: false, error: { type: 'internal' } });
  expect(logger.error).toHaveBeenCalledOnce();
});
