import { setTimeout as sleep } from 'node:timers/promises';
import { StageFailure } from '../builtin/stage-failure.ts';
import type { Behaviour, BehaviourOf } from './behaviour.ts';
import type { Channel } from './channel.ts';
import { startDescendants } from './descendants.ts';
import { flood, writeGarbage } from './noise.ts';

/** What a mode adds to the echoed outputs; `none` stands for an answer without any outputs. */
export type Performance = Record<string, unknown> | 'none';

/**
 * Does what the behaviour says and returns what belongs into the outputs.
 * Throws `StageFailure` in the mode "failure", the abort reason when cancelled; several modes end the process instead.
 */
export async function perform(behaviour: Behaviour, channel: Channel): Promise<Performance> {
  for (const line of behaviour.print) {
    await channel.say(line);
  }
  await channel.begin(`mode ${behaviour.mode}`);
  const performance = await act(behaviour, channel);
  await channel.finish();
  return performance;
}

async function act(behaviour: Behaviour, channel: Channel): Promise<Performance> {
  switch (behaviour.mode) {
    case 'success':
      return {};
    case 'failure':
      throw failureOf(behaviour);
    case 'timeout':
      await sleep(behaviour.forMs, undefined, { signal: channel.signal });
      return {};
    case 'slow':
      await sleep(behaviour.ms, undefined, { signal: channel.signal });
      return {};
    case 'partial':
      await channel.answerHalf();
      return process.exit(behaviour.exitCode);
    case 'crash':
      return crash(behaviour, channel);
    case 'hang':
      return hang(behaviour);
    case 'flood':
      await flood(behaviour, channel);
      return {};
    case 'garbage':
      await writeGarbage(behaviour.lines, channel);
      return {};
    case 'lie':
      return lie(behaviour, channel);
    case 'fork':
      return { pids: await startDescendants(behaviour) };
    case 'ask':
      return askAll(behaviour, channel);
  }
}

function failureOf(behaviour: BehaviourOf<'failure'>): StageFailure {
  return new StageFailure({
    class: behaviour.class,
    what: behaviour.message,
    why: 'its mode is "failure"',
    remedy: 'Choose another mode',
  });
}

async function crash({ afterMs, signal, exitCode }: BehaviourOf<'crash'>, channel: Channel): Promise<Performance> {
  await sleep(afterMs, undefined, { signal: channel.signal });
  if (signal === undefined) {
    process.exit(exitCode);
  }
  process.kill(process.pid, signal);
  await sleep(1_000); // the signal arrives while we wait
  return process.exit(exitCode);
}

/**
 * Stops the event loop itself: no heartbeat, no answer, no reaction to polite signals or to the end of input.
 * The wait is bounded and uses no processor time.
 */
async function hang({ forMs, grandchildren }: BehaviourOf<'hang'>): Promise<Performance> {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.removeAllListeners(signal);
    process.on(signal, () => undefined);
  }
  await startDescendants({ how: 'group', count: grandchildren, forMs, holdPipe: true, stubborn: true });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
  return process.exit(1);
}

async function askAll({ question, tool, command, count }: BehaviourOf<'ask'>, channel: Channel): Promise<Performance> {
  const asked = Array.from({ length: count }, (_, index) => channel.ask({ title: question, tool, command, index }));
  const choices = await Promise.all(asked);
  // A cancelled task gets no choices, but `cancelled` for each of its questions.
  channel.signal.throwIfAborted();
  return count === 1 ? { choice: choices[0] } : { choice: choices[0], choices };
}

async function lie({ how }: BehaviourOf<'lie'>, channel: Channel): Promise<Performance> {
  switch (how) {
    case 'no-outputs':
      return 'none';
    case 'answers-twice':
      channel.answerTwice();
      return {};
    case 'foreign-answer':
      await channel.answerForeign();
      return 'none';
    case 'exit-without-result':
      return process.exit(0);
  }
}
