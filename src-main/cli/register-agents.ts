import type { Command } from 'commander';
import { addAgent, agentChanges, changeAgent, listAgents, removeAgent, resetBreakers } from './commands/agents.ts';
import { forgetProject, listProjects, showProject, trustProject } from './commands/projects.ts';
import { listWorkflows, showWorkflow, validateWorkflow } from './commands/workflows.ts';
import type { Register } from './register.ts';
import { collect, withCommonOptions } from './register.ts';

const changeWords = {
  start: 'start its process ahead of work',
  stop: 'end its processes at once; its tasks are released',
  drain: 'give it nothing new, then end its processes',
  enable: 'let it take work again',
  disable: 'end its processes and give it nothing until it is enabled',
} as const;

/** `signalbox agents …`, `workflows …` and `projects …`; without a further word they list. */
export function registerAgentCommands(program: Command, register: Register): void {
  const agents = program.command('agents').description('list and change agents');
  withCommonOptions(agents.command('list', { isDefault: true }))
    .description('list agents with their state')
    .action(register(listAgents));
  registerAdding(agents, register);
  withCommonOptions(agents.command('remove'))
    .argument('<agent>', 'id of an agent of your own')
    .description('forget an agent')
    .action(register(removeAgent));
  for (const change of agentChanges) {
    withCommonOptions(agents.command(change))
      .argument('<agent>', 'id of an agent')
      .description(changeWords[change])
      .option('--reason <text>', 'why, for the record')
      .action(register((context, id: string, options: object) => changeAgent(context, change, id, options)));
  }
  withCommonOptions(agents.command('reset'))
    .argument('<name>', 'id of an agent, or name of a provider')
    .description('close its circuit breaker: give it work again at once')
    .option('--reason <text>', 'why, for the record')
    .action(register(resetBreakers));
  registerWorkflows(program, register);
  registerProjects(program, register);
}

function registerAdding(agents: Command, register: Register): void {
  withCommonOptions(agents.command('add'))
    .argument('<id>', 'a short lower-case name')
    .argument('[command...]', 'after --: the program and its arguments')
    .description('register an agent, or change one: agents add claude -- npx @agentclientprotocol/claude-agent-acp')
    .option('--type <type>', 'what workflows ask for; the id unless given')
    .option('--protocol <protocol>', 'acp, command or shell', 'acp')
    .option('--title <text>', 'name in lists')
    .option('--slots <number>', 'how many tasks at once', '1')
    .option('--capability <name>', 'something it can do; repeat for more', collect, [])
    .option('--repository <folder>', 'a folder it knows best; repeat for more', collect, [])
    .option('--env <NAME=value>', 'an environment variable; repeat for more', collect, [])
    .option('--permissions <answer>', 'how its permission requests are answered: allow, reject or ask', 'reject')
    .option('--provider <name>', 'whose service it uses; agents of one provider wait together when it fails')
    .option('--start-timeout <seconds>', 'how long it may take to become ready', '30')
    .option('--watchdog <seconds>', 'without activity for this long its work is stuck; 0: never')
    .option('--watchdog-step <seconds>', 'how long each rung of the watchdog is given', '60')
    .option('--watchdog-up-to <rung>', 'how far the watchdog goes: notice, stop, restart or park', 'park')
    .action(register(addAgent));
}

function registerWorkflows(program: Command, register: Register): void {
  const workflows = program.command('workflows').description('list and check workflows');
  withCommonOptions(workflows.command('list', { isDefault: true }))
    .description('list bundled workflows and your own')
    .action(register(listWorkflows));
  withCommonOptions(workflows.command('show'))
    .argument('<workflow>', 'name, or path of a file')
    .description('show the inputs and stages of a workflow')
    .action(register(showWorkflow));
  withCommonOptions(workflows.command('validate'))
    .argument('<file>', 'a workflow file')
    .description('check a workflow file; exit code 2 when it has errors')
    .action(register(validateWorkflow));
}

function registerProjects(program: Command, register: Register): void {
  const projects = program.command('projects').description('list and trust folders that bring what is in .signalbox');
  const folder = ['[folder]', 'the folder that holds .signalbox; the nearest one around you unless given'] as const;
  withCommonOptions(projects.command('list', { isDefault: true }))
    .description('list projects that are trusted')
    .action(register(listProjects));
  withCommonOptions(projects.command('show'))
    .argument(...folder)
    .description('show what it brings, or would bring; exit code 2 when there is a fault in it')
    .action(register(showProject));
  withCommonOptions(projects.command('trust'))
    .argument(...folder)
    .description('let its workflows, agents and settings hold for work in it')
    .action(register(trustProject));
  withCommonOptions(projects.command('forget'))
    .argument(...folder)
    .description('use nothing of it any more')
    .option('--reason <text>', 'why, for the record')
    .action(register(forgetProject));
}
