import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ApiHandlers } from '../../src-main/contract/api.ts';
import { api } from '../../src-main/contract/api.ts';
import { apiNames } from '../../src-main/contract/api-names.ts';
import { apiErrorSchema } from '../../src-main/contract/error-schemas.ts';
import { eventSchema } from '../../src-main/contract/event.ts';
import { ok } from '../../src-main/contract/result.ts';
import { createFakeEngine } from './fake-engine.ts';
import { arbitraryOf } from './schema-arbitrary.ts';
import { connectTo, serveOverSocket } from './served-socket.ts';

/** An engine behind a real socket that answers what it is told, and shows what reached it. */
async function echo() {
  let answer: unknown;
  const handlers = Object.fromEntries(apiNames.map((name) => [name, () => answer])) as unknown as ApiHandlers;
  const engine = createFakeEngine(handlers);
  const { path } = await serveOverSocket(engine);
  const { client } = await connectTo(path);
  return {
    async call(name: (typeof apiNames)[number], input: unknown, result: unknown) {
      answer = result;
      engine.calls.length = 0;
      const received = await (client[name] as (value: unknown) => Promise<unknown>)(input);
      return { received, input: engine.calls[0]?.input };
    },
  };
}

describe('R22 nothing is lost on the way through the socket', () => {
  test.each(apiNames)('%s', async (name) => {
    const { call } = await echo();
    await fc.assert(
      fc.asyncProperty(arbitraryOf(api[name].input), arbitraryOf(api[name].output), async (input, anyOutput) => {
        // Handlers answer with defaults filled in.
        const output = api[name].output.parse(anyOutput);
        const seen = await call(name, input, ok(output));
        expect(seen.input).toEqual(api[name].input.parse(input));
        expect(seen.received).toEqual(ok(output));
      }),
      { numRuns: 15 },
    );
  });

  test('errors', async () => {
    const { call } = await echo();
    await fc.assert(
      fc.asyncProperty(arbitraryOf(apiErrorSchema), async (error) => {
        const seen = await call('listAgents', {}, { ok: false, error });
        expect(seen.received).toEqual({ ok: false, error });
      }),
      { numRuns: 30 },
    );
  });

  test('1 MiB of text in one field', async () => {
    const { call } = await echo();
    const source = 'ä€😀\u2028\n"\\'.repeat(110_000);
    const seen = await call('validateWorkflow', { source }, ok({ problems: [], definition: null }));
    expect(seen.input).toEqual({ source });
  });
});

test.each(eventSchema.options.map((option) => [option.shape.kind.value, option] as const))(
  'R22 an event of the kind %s survives JSON and its schema',
  (_kind, schema) => {
    fc.assert(
      fc.property(arbitraryOf(schema), (anyEvent) => {
        const event = schema.parse(anyEvent);
        expect(eventSchema.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
      }),
      { numRuns: 10 },
    );
  },
);
