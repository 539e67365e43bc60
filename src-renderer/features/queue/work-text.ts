import type { TaskWork } from '../../../src-main/contract/task.ts';

/** What a task asks for, as text: its prompt, its script, or its program with an argument on each line. */
export function workText(work: TaskWork): string {
  if (work.kind === 'prompt') return work.prompt;
  return work.command.kind === 'script' ? work.command.script : work.command.argv.join('\n');
}
