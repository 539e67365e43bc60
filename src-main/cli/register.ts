import type { Command } from 'commander';
import type { CliContext } from './cli-context.ts';

/**
 * Turns an action into what commander calls: with the context in front, without the command at the end, and with its
 * exit code kept. Commander does not know the types of arguments and options; each action declares its own, next to
 * the options that are registered for it.
 */
export type Register = (
  action: (context: CliContext, ...given: never[]) => Promise<number>,
) => (...given: unknown[]) => Promise<void>;

/** The options that every command has. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON, for programs')
    .option('--data <folder>', 'data folder; SIGNALBOX_DATA says the same');
}

/** Collects an option that may be given several times. */
export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}
