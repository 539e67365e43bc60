import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt } from '../../../src-main/contract/task.ts';
import type { RealEngine, TaskFound } from '../../support/real-engine.ts';
import { commandTask, testAgent, testTask } from '../../support/real-engine.ts';
import type { FaultContext, FaultGroup, Trial } from '../fault-group.ts';
import { makePieces } from '../printed-kinds.ts';
import { everyByteLogged } from '../properties/output.ts';
import { openEngine, parkAndHold, whileAnswering } from '../real-trial.ts';

const printer = join(import.meta.dirname, '../printer.ts');
const mib = 1024 * 1024;

/** What a command prints: the kind of the printer, its fault in words, and how much of it in each form; 0: not in that one. */
const kinds: readonly { kind: string; fault: string; short: number; full: number; trials: number }[] = [
  { kind: 'malformed', fault: 'malformed JSON', short: 0, full: 20_000, trials: 3 },
  { kind: 'halfLine', fault: 'half a line, then the end', short: 10, full: 1_000, trials: 5 },
  { kind: 'longLine', fault: 'one very long line', short: 8, full: 100, trials: 2 },
  { kind: 'noNewline', fault: 'never an end of line', short: 0, full: 50, trials: 2 },
  { kind: 'nul', fault: 'NUL and bytes that are no text', short: 200, full: 50_000, trials: 3 },
  { kind: 'splitUtf8', fault: 'characters that arrive byte by byte', short: 8, full: 40, trials: 3 },
];

/** Output that breaks readers: everything of it is kept, or it is said how much is not. */
export const hostileOutput: FaultGroup = {
  number: 11,
  title: 'Output that breaks readers',
  faults: [
    'Commands that print malformed JSON, half a line, one line of 100 MB, no end of line at all, NUL and bytes that are no text, or characters byte by byte: their logs have every byte, in order.',
    'A command that prints as fast as the pipe takes it for a time, and one whose child goes on to print after it has ended: the log has as many bytes as the system took.',
    'Agents of the protocol that mix garbage into it, break off in the middle of their answer, or send a line of 100 MB: what is no message is in the log, what was too long for a message is counted, and the attempt ends as it should.',
    'Meanwhile the engine answers within a second.',
  ],
  run: async (context) => {
    for (const { kind, fault, trials, ...amounts } of kinds) {
      await context.trials(fault, { short: amounts.short > 0 ? 1 : 0, full: trials }, (trial) =>
        printKnown(trial, kind, amounts[trial.form]),
      );
    }
    const times = { short: 1, full: 3 };
    await context.trials('a flood', times, (trial) => printCounted(trial, 'flood', { short: 150, full: 3_000 }));
    await context.trials('after the exit', times, (trial) =>
      printCounted(trial, 'afterExit', { short: 300, full: 2_000 }),
    );
    await protocolTrials(context);
  },
};

/** Prints what can be made again here: the log is exactly that. */
async function printKnown(trial: Trial, kind: string, amount: number): Promise<void> {
  const { engine, found, note } = await runPrinter(trial, kind, amount);
  const [attempt] = found.attempts;
  trial.expect(found.task.state === 'completed' && attempt !== undefined, `The task is ${found.task.state}.`, found);
  const expected = Buffer.concat([...makePieces(kind, amount)]);
  trial.expect(bytesTaken(note) === expected.length, 'Not all of it was taken.', bytesTaken(note));
  const log = logOf(engine.dataFolder, attempt as Attempt);
  // A last line without an end may be given one.
  const same = log.equals(expected) || log.equals(Buffer.concat([expected, Buffer.from('\n')]));
  trial.expect(same, `The log has other bytes: ${log.length} of ${expected.length}.`);
  await holdOutput(trial, engine, found, expected.length);
}

/** Prints as much as the system takes: the log has as many bytes. */
async function printCounted(
  trial: Trial,
  kind: string,
  amounts: Readonly<Record<Trial['form'], number>>,
): Promise<void> {
  const { engine, found, note } = await runPrinter(trial, kind, amounts[trial.form]);
  trial.expect(found.task.state === 'completed', `The task is ${found.task.state}.`, found);
  trial.saw(`KiB printed (${kind})`, Math.round(bytesTaken(note) / 1024));
  await holdOutput(trial, engine, found, bytesTaken(note));
}

async function runPrinter(trial: Trial, kind: string, amount: number) {
  const engine = await openEngine(trial);
  const note = join(engine.dataFolder, 'note');
  const task = commandTask([process.execPath, printer, kind, String(amount), note]);
  const found = await whileAnswering(trial, engine, () => engine.runTask(task, 60_000));
  return { engine, found, note };
}

async function holdOutput(
  trial: Trial,
  engine: RealEngine,
  { task, attempts }: TaskFound,
  bytes: number,
): Promise<void> {
  const attempt = attempts.at(-1) as Attempt;
  const dropped = await droppedIn(engine, attempt);
  trial.saw('bytes said to be dropped', dropped);
  trial.saw('MiB of output', Math.round(bytes / mib));
  await trial.hold(everyByteLogged(engine.dataFolder, [{ attemptId: attempt.id, bytes, dropped }]));
  await parkAndHold(trial, engine, task.state === 'completed' ? [task.id] : []);
}

async function protocolTrials(context: FaultContext): Promise<void> {
  await context.trials('garbage between messages', { short: 1, full: 5 }, async (trial) => {
    const lines = trial.form === 'short' ? 40 : 1_000;
    const { engine, found } = await runAgent(trial, { mode: 'garbage', lines });
    const texts = ['not a message', 'ordinary output between', '{"jsonrpc":"2.0","id":\n', 'a\0b\0'];
    const pieces = texts.map((text) => Buffer.from(text));
    const attempt = found.attempts[0] as Attempt;
    await trial.hold(everyByteLogged(engine.dataFolder, [{ attemptId: attempt.id, bytes: 1, dropped: 0, pieces }]));
    trial.expect(await hasBroken(engine, attempt), 'No activity says that the protocol was broken.');
    await parkAndHold(trial, engine, [found.task.id]);
  });
  await context.trials('half an answer, then the end', { short: 1, full: 5 }, async (trial) => {
    const { engine, found } = await runAgent(trial, { script: [{ mode: 'partial' }, { mode: 'success' }] });
    const [first] = found.attempts;
    trial.expect(first?.state === 'interrupted', 'Half an answer was taken for one.', found.attempts);
    const pieces = [Buffer.from('{"jsonrpc":"2.0"')];
    await trial.hold(
      everyByteLogged(engine.dataFolder, [{ attemptId: (first as Attempt).id, bytes: 1, dropped: 0, pieces }]),
    );
    await parkAndHold(trial, engine, [found.task.id]);
  });
  await context.trials('a message that is too long', { short: 1, full: 2 }, async (trial) => {
    const oneLineBytes = (trial.form === 'short' ? 40 : 100) * mib;
    const { engine, found } = await runAgent(trial, { mode: 'flood', oneLineBytes });
    trial.expect(found.task.state === 'completed', `The task is ${found.task.state}.`, found);
    const dropped = await droppedIn(engine, found.attempts[0] as Attempt);
    trial.expect(dropped > 0, 'No record says how much was dropped.');
    await holdOutput(trial, engine, found, oneLineBytes);
  });
}

async function runAgent(trial: Trial, config: object) {
  const engine = await openEngine(trial, { restart: { delayMs: 50 } });
  await engine.call('saveAgent', testAgent('tester-1'));
  const found = await whileAnswering(trial, engine, () => engine.runTask(testTask(config), 60_000));
  trial.expect(found.task.state === 'completed', `The task is ${found.task.state}.`, found);
  return { engine, found };
}

async function hasBroken(engine: RealEngine, attempt: Attempt): Promise<boolean> {
  const events = await engine.events({ attemptId: attempt.id });
  return events.some((event) => event.kind === 'attempt.did' && event.activity.kind === 'protocolBroken');
}

async function droppedIn(engine: RealEngine, attempt: Attempt): Promise<number> {
  const events = await engine.events({ attemptId: attempt.id });
  return events.reduce((sum, event) => {
    if (event.kind !== 'attempt.did' || event.activity.kind !== 'outputDropped') return sum;
    return sum + event.activity.bytes;
  }, 0);
}

function bytesTaken(note: string): number {
  return readFileSync(note, 'utf8')
    .split('\n')
    .reduce((sum, count) => sum + Number(count), 0);
}

function logOf(dataFolder: string, attempt: Attempt): Buffer {
  return readFileSync(join(dataFolder, 'logs', `${attempt.id}.log`));
}
