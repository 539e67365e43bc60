import type { Command } from 'commander';
import { answerApproval, listApprovals } from './commands/approvals.ts';
import { cancelWork, pauseRun, resumeRun, retryWork, setPriority } from './commands/change-work.ts';
import { runDemo } from './commands/demo.ts';
import { showLogs } from './commands/logs.ts';
import { listRules, removeRule } from './commands/permissions.ts';
import { deleteWork } from './commands/prune.ts';
import { runWorkflow } from './commands/run-workflow.ts';
import { listRuns, listTasks } from './commands/runs.ts';
import { showWork } from './commands/show.ts';
import { submit } from './commands/submit.ts';
import type { Register } from './register.ts';
import { collect, withCommonOptions } from './register.ts';

/** Commands that start work, show it and change it. */
export function registerWorkCommands(program: Command, register: Register): void {
  registerStarting(program, register);
  registerLooking(program, register);
  registerChanging(program, register);
  registerApprovals(program, register);
}

function withRunOptions(command: Command): Command {
  return withCommonOptions(command)
    .option(
      '-i, --input <name=value>',
      "one input of the workflow; repeat for more, or for a list's items",
      collect,
      [],
    )
    .option('--input-file <file>', 'inputs as a JSON object')
    .option('--folder <folder>', 'folder to work in; a new one of its own unless given')
    .option('--priority <level>', 'critical, high, normal or low', 'normal');
}

function registerStarting(program: Command, register: Register): void {
  withCommonOptions(program.command('demo'))
    .description('build, test and deploy a small application before your eyes, offline')
    .option('--folder <folder>', 'where to build it; a new folder in ./signalbox-demo unless given')
    .action(register(runDemo));
  withRunOptions(program.command('run'))
    .argument('<workflow>', 'name of a workflow, or path of a workflow file')
    .option('--dry-run', 'say what it would do, and start nothing')
    .description('start a run and stay until it has ended')
    .action(register(runWorkflow));
  withRunOptions(program.command('submit'))
    .argument('[words...]', 'name or file of a workflow; after --command, the program and its arguments')
    .description('store a run or a single task; a running engine does it, or the next one')
    .option('--command', 'the words after -- are one command: submit --command -- npm test')
    .option('--script <text>', 'a shell script, word for word')
    .option('--agent <type>', 'type of the agent that is to do it')
    .option('--prompt <text>', 'what the agent is asked to do')
    .option('--title <text>', 'name of the task in lists')
    .option('--wait', 'stay until it has ended, and be the engine if none is running')
    .action(register(submit));
}

function withListOptions(command: Command): Command {
  return withCommonOptions(command)
    .option('--state <state>', 'only these; repeat for more', collect, [])
    .option('--limit <number>', 'how many, at most 1000', '30')
    .option('--after <id>', 'go on after this one');
}

function registerLooking(program: Command, register: Register): void {
  withListOptions(program.command('runs'))
    .description('list runs, newest first')
    .option('--workflow <name>', 'only of this workflow')
    .action(register(listRuns));
  withListOptions(program.command('tasks')).description('list tasks, newest first').action(register(listTasks));
  withCommonOptions(program.command('show'))
    .argument('<id>', 'a run or a task')
    .description('show everything about a run or a task')
    .action(register(showWork));
  withCommonOptions(program.command('logs'))
    .argument('<id>', 'a run, a task or an attempt')
    .description('print what agents printed; every attempt is an ordinary file too')
    .option('-f, --follow', 'go on as more is printed')
    .option('--stage <name>', 'only this stage of a run')
    .option('--from <number>', 'start at this line', '1')
    .option('--times', 'show the time of every line')
    .action(register(showLogs));
}

function registerChanging(program: Command, register: Register): void {
  const reason = ['--reason <text>', 'why, for the record'] as const;
  withCommonOptions(program.command('cancel'))
    .argument('<id>', 'a run, or a task that stands alone')
    .description('end it and its processes')
    .option(...reason)
    .action(register(cancelWork));
  withCommonOptions(program.command('pause'))
    .argument('<run>', 'a run')
    .description('let live stages end, and start no further ones')
    .option(...reason)
    .action(register(pauseRun));
  withCommonOptions(program.command('resume'))
    .argument('<run>', 'a paused run')
    .description('go on with a paused run')
    .option(...reason)
    .action(register(resumeRun));
  withCommonOptions(program.command('retry'))
    .argument('<id>', 'an ended run, or a dead task')
    .description('rerun from the first failed stage, or put a dead task back into the queue')
    .option('--stage <name>', 'rerun from this stage')
    .action(register(retryWork));
  withCommonOptions(program.command('delete'))
    .argument('<id>', 'a run that has ended, or such a task that stands alone')
    .description('remove it for good, with its events, its logs and the folder that was made for it')
    .option(...reason)
    .action(register(deleteWork));
  withCommonOptions(program.command('priority'))
    .argument('<task>', 'a task that is queued')
    .argument('<level>', 'critical, high, normal or low')
    .description('change how urgent a task is')
    .action(register(setPriority));
}

function registerApprovals(program: Command, register: Register): void {
  withListOptions(program.command('approvals'))
    .description('list questions of workflows and agents that wait for you')
    .action(register(listApprovals));
  for (const [name, given] of [
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ] as const) {
    withCommonOptions(program.command(name))
      .argument('<question>', 'an open approval, or what an agent asks for')
      .description(`answer a question: ${given}`)
      .option('--comment <text>', 'kept with the answer')
      .option('--always', 'the same answer for this agent and kind of tool from now on')
      .action(register((context, text: string, options: object) => answerApproval(context, text, given, options)));
  }
  const rules = withCommonOptions(program.command('rules'))
    .description('list what is answered to agents without asking you')
    .action(register(listRules));
  withCommonOptions(rules.command('remove'))
    .argument('<rule>', 'a rule')
    .description('be asked again')
    .action(register(removeRule));
}
