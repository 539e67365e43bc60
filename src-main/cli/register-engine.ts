import type { Command } from 'commander';
import { backUp, exportAll, restore } from './commands/copies.ts';
import { runDoctor } from './commands/doctor.ts';
import { runEngine } from './commands/engine.ts';
import { showEvents } from './commands/events.ts';
import { freeze, thaw } from './commands/freeze.ts';
import { prune } from './commands/prune.ts';
import { serveWindow } from './commands/serve.ts';
import { checkSettings, printSettingsSchema, showSettings } from './commands/settings.ts';
import type { Register } from './register.ts';
import { withCommonOptions } from './register.ts';

/** Commands about the engine as a whole. */
export function registerEngineCommands(program: Command, register: Register): void {
  withCommonOptions(program.command('engine'))
    .description('run the engine in the foreground until Ctrl-C; other terminals hand their work to it')
    .option('--drain <seconds>', 'let live work end for so long before it is parked')
    .action(register(runEngine));
  withCommonOptions(program.command('serve'))
    .description('show the window in a browser of this machine, until Ctrl-C; is the engine where none is running')
    .option('--port <number>', 'where to listen; any free port unless given')
    .option('--open', 'open the browser')
    .action(register(serveWindow));
  for (const [name, action, text] of [
    ['freeze', freeze, 'interrupt everything and start nothing'],
    ['thaw', thaw, 'go on after a freeze'],
  ] as const) {
    withCommonOptions(program.command(name))
      .description(text)
      .option('--reason <text>', 'why, for the record')
      .action(register(action));
  }
  withCommonOptions(program.command('events'))
    .description('print what has happened, oldest first')
    .option('-f, --follow', 'go on as things happen')
    .option('--run <run>', 'only of this run')
    .option('--task <task>', 'only of this task')
    .option('--agent <agent>', 'only of this agent')
    .option('--after <number>', 'only after the event of this number')
    .option('--limit <number>', 'how many', '200')
    .action(register(showEvents));
  withCommonOptions(program.command('prune'))
    .description('forget now what ended long ago, with its events, logs and folders; the engine does it once a day')
    .option('--older-than <days>', 'what ended longer ago than this, such as 30d; as the settings say unless given')
    .option('--dry-run', 'say how much it would be, and remove nothing')
    .action(register(prune));
  withCommonOptions(program.command('doctor'))
    .description('check the machine, the data folder and the database; exit code 1 when something is broken')
    .action(register(runDoctor));
  registerCopies(program, register);
  registerSettings(program, register);
}

function registerSettings(program: Command, register: Register): void {
  const settings = program.command('settings').description('show the settings, and check their file');
  withCommonOptions(settings.command('show', { isDefault: true }))
    .description('print every setting, and what is wrong with the file')
    .action(register(showSettings));
  withCommonOptions(settings.command('check'))
    .argument('[file]', 'that of the data folder unless given; one in a .signalbox folder is that of a project')
    .description('check a settings file; exit code 2 when it has faults')
    .action(register(checkSettings));
  withCommonOptions(settings.command('schema'))
    .description('print the JSON Schema of the settings file, for editors')
    .option('--project', 'that of the settings of a project')
    .action(register(printSettingsSchema));
}

function registerCopies(program: Command, register: Register): void {
  withCommonOptions(program.command('backup'))
    .description('copy the database while work goes on; the copy is checked')
    .option('--to <file>', 'where to; the folder "backups" of the data folder unless given')
    .action(register(backUp));
  withCommonOptions(program.command('restore'))
    .argument('[file]', 'a copy of the database')
    .description('put a copy in the place of the database, while no engine runs; what was there is kept')
    .option('--empty', 'begin with an empty database instead')
    .action(register(restore));
  withCommonOptions(program.command('export'))
    .description('write every row and event as a line of JSON; exit code 1 when something could not be read')
    .option('--out <file>', 'where to; standard output unless given')
    .option('--from <file>', 'another database file than that of the data folder, such as a damaged one')
    .action(register(exportAll));
}
