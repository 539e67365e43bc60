import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { heartbeatInterval } from '../builtin/heartbeat.ts';
import { StageFailure } from '../builtin/stage-failure.ts';
import type { TaskFacts } from '../builtin/task-facts.ts';
import { readTaskFacts } from '../builtin/task-facts.ts';
import { writeAtomically } from '../builtin/write-atomically.ts';
import type { AgentOptions } from './agent-options.ts';
import type { Behaviour } from './behaviour.ts';
import { chooseBehaviour } from './behaviour.ts';
import { CommandChannel } from './command-channel.ts';
import { echoOutputs } from './echo-outputs.ts';
import { perform } from './perform.ts';

/** Exit codes by failure class, as in sysexits.h: temporary failure, configuration error; 1 says nothing. */
const EXIT_CODES = { transient: 75, fatal: 78, unknown: 1 } as const;

const record = z.record(z.string(), z.unknown());
const inputSchema = z.object({
  task: record.default({}),
  inputs: record.default({}),
  outputs: record.default({}),
  config: record.default({}),
});

/**
 * Works on the one task that the file named by `SIGNALBOX_INPUT` describes and writes the file named by
 * `SIGNALBOX_OUTPUT`. Returns the exit code: 0 for success, else by the class of the failure, which it explains on
 * standard error.
 */
export async function runTestTask(options: AgentOptions): Promise<number> {
  const outputFile = process.env.SIGNALBOX_OUTPUT;
  const channel = new CommandChannel(outputFile);
  const beat = setInterval(() => void channel.say('still at work'), heartbeatInterval(process.env));
  let behaviour: Behaviour | undefined;
  try {
    const task = await readTask(process.env.SIGNALBOX_INPUT);
    behaviour = chooseBehaviour(options.defaults, task.config, task.attemptNumber);
    const performance = await perform(behaviour, channel);
    if (performance !== 'none' && outputFile !== undefined) {
      const outputs = { ...echoOutputs(task, process.cwd()), ...performance, ...behaviour.outputs };
      await writeAtomically(outputFile, `${JSON.stringify(outputs)}\n`);
      if (channel.answersTwice) {
        await writeAtomically(outputFile, '{"answer":"second"}\n');
      }
    }
    return 0;
  } catch (error) {
    const failure = error instanceof StageFailure ? error : undefined;
    process.stderr.write(`${failure?.message ?? String(error)}\n`);
    const chosen = behaviour?.mode === 'failure' ? behaviour.exitCode : undefined;
    return chosen ?? EXIT_CODES[failure?.facts.class ?? 'unknown'];
  } finally {
    clearInterval(beat);
  }
}

async function readTask(inputFile: string | undefined): Promise<TaskFacts> {
  const input = inputSchema.parse(inputFile === undefined ? {} : JSON.parse(await readFile(inputFile, 'utf8')));
  const { task, inputs, outputs, config } = input;
  const names = { taskId: task.id ?? 'no-task', attemptId: 'no-attempt', traceparent: process.env.TRACEPARENT };
  return readTaskFacts({ signalbox: { ...names, ...task, inputs, outputs, config } });
}
