import type { TaskWork } from '../../../src-main/contract/task.ts';

/** What a task asks of its agent, as a person would write it. */
export function workText(work: TaskWork): string {
  if (work.kind === 'prompt') return work.prompt;
  const { command } = work;
  return command.kind === 'script' ? command.script : command.argv.map(quoted).join(' ');
}

/** An argument as a shell would want it, so that the command can be copied and tried. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
