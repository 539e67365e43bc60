import type { ProjectView } from '../../../src-main/contract/api-projects.ts';
import type { ProjectSettings } from '../../../src-main/contract/project.ts';
import { formatCounted } from '../../format/amount.ts';
import { formatDuration } from '../../format/duration.ts';
import { rungWords } from '../agents/definition-words.ts';
import { reasonOrder, reasonWords } from './notifications-form.ts';

/** What a project says otherwise, as names with values, in the words of the settings' own forms. */
export function overridesOf(settings: ProjectSettings): readonly (readonly [name: string, value: string])[] {
  const { watchdog, restart, permissions, notifications } = settings;
  const interruptions = restart?.maxInterruptions;
  const expiry = permissions?.expireAfterMs;
  return [
    ...watchOverrides('Agents', watchdog?.agents),
    ...watchOverrides('Commands', watchdog?.commands),
    ...(interruptions === undefined ? [] : [['Interruptions of a task', String(interruptions)] as const]),
    ...(expiry === undefined ? [] : [['Withdraw a question after', lengthOr(expiry, 'Never')] as const]),
    ...reasonOrder.flatMap((reason) => {
      if (reason === 'trouble' || reason === 'update') return [];
      const told = notifications?.reasons?.[reason];
      return told === undefined
        ? []
        : [[`Tell: ${reasonWords[reason].label.toLowerCase()}`, told ? 'Yes' : 'No'] as const];
    }),
  ];
}

type Watch = NonNullable<NonNullable<ProjectSettings['watchdog']>['agents']>;

function watchOverrides(subject: string, watch: Watch | undefined): readonly (readonly [string, string])[] {
  if (watch === undefined) return [];
  const { silentMs, stepMs, upTo } = watch;
  return [
    ...(silentMs === undefined ? [] : [[`${subject} are stuck after`, lengthOr(silentMs, 'Never')] as const]),
    ...(stepMs === undefined ? [] : [[`${subject}: time for each step`, formatDuration(stepMs)] as const]),
    ...(upTo === undefined ? [] : [[`${subject}: at most`, rungWords[upTo]] as const]),
  ];
}

function lengthOr(ms: number, never: string): string {
  return ms === 0 ? never : formatDuration(ms);
}

/** What a project brings, in few words. */
export function broughtWords({ workflows, agents, settings }: ProjectView): string {
  const overrides = settings === null ? 0 : overridesOf(settings).length;
  const parts = [
    agents.length === 0 ? null : formatCounted(agents.length, 'agent'),
    workflows.length === 0 ? null : formatCounted(workflows.length, 'workflow'),
    overrides === 0 ? null : formatCounted(overrides, 'setting'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

/** How a project is, as a mark says it: its folder may have gone, and its files may have faults. */
export function projectState({ isThere, workflows, problems }: ProjectView): {
  readonly words: string;
  readonly shape: 'check' | 'cross' | 'break';
  readonly tone: 'completed' | 'failed' | 'waiting';
} {
  if (!isThere) return { words: 'Not there', shape: 'break', tone: 'waiting' };
  const all = [...problems.map(({ problem }) => problem), ...workflows.flatMap((workflow) => workflow.problems)];
  const errors = all.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) return { words: formatCounted(errors, 'error'), shape: 'cross', tone: 'failed' };
  return { words: 'In use', shape: 'check', tone: 'completed' };
}

/** A command line as one text, with quotes around what holds spaces. */
export function commandWords(command: readonly string[]): string {
  return command.map((word) => (/^[\w@%+:,./\\=-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}
