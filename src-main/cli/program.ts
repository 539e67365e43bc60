import { Command, CommanderError } from 'commander';
import type { CliContext } from './cli-context.ts';
import { createPaint } from './paint.ts';
import { exitCodeOf, exitCodes, RefusedError } from './refused.ts';
import type { Register } from './register.ts';
import { registerAgentCommands } from './register-agents.ts';
import { registerEngineCommands } from './register-engine.ts';
import { registerScheduleCommands } from './register-schedules.ts';
import { registerWorkCommands } from './register-work.ts';
import { plainText, safeJson } from './safe-text.ts';

const examples = `
Examples:
  signalbox demo                                        see it work, offline
  signalbox run app --input name=calculator-app --input requirements="add and subtract"
  signalbox submit --command -- npm test                queue one command
  signalbox submit --wait --agent claude --prompt "Fix the failing test"
  signalbox serve --open                                the window, in your browser
  signalbox engine                                      keep an engine running for other terminals
  signalbox runs            signalbox show 8fk2qa7z     ids may be shortened to their beginning or end
  signalbox logs -f 8fk2qa7z
  signalbox doctor          what is broken, and the exact remedy

Data: --data FOLDER, or SIGNALBOX_DATA, or this platform's usual folder.
Exit codes: 0 done, 1 failed or cancelled, 2 wrong input or an unusable data folder; ended by a signal: 129 SIGHUP, 130 Ctrl-C, 143 SIGTERM.
On SIGTERM and SIGHUP live work is parked: stored, and continued by the next engine. Ctrl-C on "run" cancels the run.
`;

/** Runs one command line. @returns the exit code. Nothing is thrown but defects. */
export async function runProgram(argv: readonly string[], context: CliContext): Promise<number> {
  const outcome: { code: number } = { code: exitCodes.done };
  const register: Register =
    (action) =>
    async (...given) => {
      outcome.code = await action(context, ...(given.slice(0, -1) as never[]));
    };
  const program = createProgram(context, register);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
    if (!(error instanceof RefusedError)) throw error;
    tellRefusal(context, error, argv.includes('--json'));
    return exitCodeOf(error.apiError);
  }
}

function createProgram(context: CliContext, register: Register): Command {
  const { terminal, version } = context;
  const program = new Command('signalbox')
    .description('A control room for the AI agents and commands that run on this machine.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .showHelpAfterError('Try signalbox --help.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.printRaw(text),
      writeErr: (text) => terminal.note(text.trimEnd()),
      getOutHelpWidth: () => Math.min(terminal.columns, 120),
    })
    .addHelpText('after', examples);
  registerWorkCommands(program, register);
  registerScheduleCommands(program, register);
  registerAgentCommands(program, register);
  registerEngineCommands(program, register);
  return program;
}

/** What happened and why, then what to do; problems in a file one by one. */
function tellRefusal({ terminal }: CliContext, { apiError }: RefusedError, json: boolean): void {
  if (json) {
    terminal.note(safeJson({ error: apiError }));
    return;
  }
  const paint = createPaint(terminal.colour);
  terminal.note(`${paint('bad', '✗')} ${plainText(apiError.message)}`);
  const { problems = [] } = apiError;
  if (problems.length > 1) {
    for (const { line, column, message } of problems) terminal.note(`  ${line}:${column}  ${plainText(message)}`);
  }
  terminal.note(`  ${plainText(apiError.remedy)}`);
}
