import type { Command } from 'commander';
import {
  addSchedule,
  fireSchedule,
  listSchedules,
  previewSchedule,
  removeSchedule,
  showSchedule,
  switchSchedule,
} from './commands/schedules.ts';
import type { Register } from './register.ts';
import { collect, withCommonOptions } from './register.ts';

const reason = ['--reason <text>', 'why, for the record'] as const;

/** `signalbox schedules …`; without a further word it lists. */
export function registerScheduleCommands(program: Command, register: Register): void {
  const schedules = program.command('schedules').description('start runs and tasks in time');
  withCommonOptions(schedules.command('list', { isDefault: true }))
    .description('list schedules, when they are due next and what became of the last time')
    .action(register(listSchedules));
  registerAdding(schedules, register);
  withCommonOptions(schedules.command('show'))
    .argument('<id>', 'a schedule')
    .option('--limit <number>', 'how many of the last times', '20')
    .description('show a schedule, and what became of its times')
    .action(register(showSchedule));
  withCommonOptions(schedules.command('remove'))
    .argument('<id>', 'a schedule')
    .description('forget a schedule; what it started goes on')
    .option(...reason)
    .action(register(removeSchedule));
  for (const [name, enabled] of [
    ['on', true],
    ['off', false],
  ] as const) {
    withCommonOptions(schedules.command(name))
      .argument('<id>', 'a schedule')
      .description(enabled ? 'let it start things again, from now on' : 'let it start nothing until it is switched on')
      .option(...reason)
      .action(register((context, id: string, options: object) => switchSchedule(context, enabled, id, options)));
  }
  withCommonOptions(schedules.command('fire'))
    .argument('<id>', 'a schedule')
    .description('start what it starts once, now')
    .action(register(fireSchedule));
  withTimingOptions(withCommonOptions(schedules.command('preview')))
    .description('say when something would be due, and store nothing')
    .option('--count <number>', 'how many times, at most 100', '5')
    .action(register(previewSchedule));
}

function withTimingOptions(command: Command): Command {
  return command
    .option('--cron <expression>', 'when: minute, hour, day, month, day of the week; "0 6 * * *" is every day at 06:00')
    .option('--time-zone <name>', 'where that is meant, such as Europe/Berlin; this machine unless given')
    .option('--every <length>', 'when: again and again, such as 90s, 30m, 6h or 1d')
    .option('--at <time>', 'when: once, such as 2027-01-31T06:00');
}

function registerAdding(schedules: Command, register: Register): void {
  withTimingOptions(withCommonOptions(schedules.command('add')))
    .argument('<id>', 'a short lower-case name')
    .argument('[words...]', 'after --command --: the program and its arguments')
    .description('make a schedule, or change the one of this id')
    .option('--workflow <name>', 'what: a run of this workflow, or of a workflow file')
    .option(
      '-i, --input <name=value>',
      "one input of the workflow; repeat for more, or for a list's items",
      collect,
      [],
    )
    .option('--input-file <file>', 'inputs as a JSON object')
    .option('--command', 'what: the words after -- are one command')
    .option('--script <text>', 'what: a shell script, word for word')
    .option('--agent <type>', 'type of the agent that is to do it')
    .option('--prompt <text>', 'what: something an agent is asked to do')
    .option('--folder <folder>', 'folder to work in; for a run a new one each time unless given')
    .option('--priority <level>', 'critical, high, normal or low', 'normal')
    .option('--title <text>', 'its name in lists')
    .option('--overlap <policy>', 'while the last has not ended: skip, queue or replace', 'skip')
    .option('--catch-up <policy>', 'of times without an engine start: skip (none), last or all', 'last')
    .action(register(addSchedule));
}
