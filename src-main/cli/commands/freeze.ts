import { answer } from '../answer.ts';
import type { CliContext } from '../cli-context.ts';
import { expectOk } from '../refused.ts';
import type { ReasonOptions } from './change-work.ts';

/** `signalbox freeze`: interrupts everything and starts nothing until it is thawed. */
export function freeze(context: CliContext, options: ReasonOptions): Promise<number> {
  const reason = options.reason ?? 'asked for in the terminal';
  return answer(
    context,
    options,
    async (client) => expectOk(await client.freeze({ reason })),
    () => ['Everything is frozen: live attempts are interrupted, nothing starts. Let it go on with: signalbox thaw'],
  );
}

/** `signalbox thaw`. */
export function thaw(context: CliContext, options: ReasonOptions): Promise<number> {
  const reason = options.reason ?? 'asked for in the terminal';
  return answer(
    context,
    options,
    async (client) => expectOk(await client.thaw({ reason })),
    () => ['Work goes on.'],
  );
}
