import type { ApiOutput } from '../../contract/api.ts';
import { answer } from '../answer.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { count } from '../other-work.ts';
import { badInput, expectOk, RefusedError } from '../refused.ts';
import { findAnything, shortId } from '../short-ids.ts';
import type { ReasonOptions } from './change-work.ts';

export interface PruneOptions extends CommonOptions {
  readonly olderThan?: string;
  readonly dryRun?: boolean;
}

/** `signalbox prune`: forgets now what ended long ago. */
export function prune(context: CliContext, options: PruneOptions): Promise<number> {
  const older = options.olderThan === undefined ? {} : { olderThanDays: parseDays(options.olderThan) };
  const dryRun = options.dryRun === true;
  return answer(
    context,
    options,
    async (client) => expectOk(await client.pruneHistory({ ...older, dryRun })),
    (pruned) => prunedLines(pruned, dryRun),
  );
}

/** `signalbox delete`: removes a run, or a task that stands alone, for good once it has ended. */
export function deleteWork(context: CliContext, text: string, options: ReasonOptions): Promise<number> {
  const reason = options.reason ?? 'asked for in the terminal';
  return answer(
    context,
    options,
    async (client) => {
      const found = await findAnything(client, text);
      if (found.noun === 'attempt')
        throw badInput('An attempt is not deleted by itself.', 'Delete its task or its run.');
      const { refusals } =
        found.noun === 'run'
          ? expectOk(await client.changeRuns({ select: { runIds: [found.id] }, action: 'delete', reason }))
          : expectOk(await client.changeTasks({ select: { taskIds: [found.id] }, action: { kind: 'delete', reason } }));
      const [refusal] = refusals;
      if (refusal !== undefined) throw new RefusedError(refusal.error);
      return { deleted: found.id };
    },
    ({ deleted }) => [`Deleted for good: ${shortId(deleted)}, with its events and logs.`],
  );
}

/** `30d`, or a number of days. */
function parseDays(text: string): number {
  const [, days] = /^(\d{1,5})d?$/.exec(text.trim()) ?? [];
  if (days === undefined || Number(days) > 36_500) {
    throw badInput(`${JSON.stringify(text)} is no number of days.`, 'Give days, for example: --older-than 30d');
  }
  return Number(days);
}

function prunedLines({ before, runs, tasks, events }: ApiOutput<'pruneHistory'>, dryRun: boolean): string[] {
  if (before === null) {
    return [
      'Nothing is forgotten: the setting retention.days is 0. Say how old with: signalbox prune --older-than 90d',
    ];
  }
  const what = `${count(runs, 'run')}, ${count(tasks, 'task')} that stood alone, and ${count(events, 'event')}`;
  const since = `ended before ${new Date(before).toISOString().slice(0, 10)}`;
  return [dryRun ? `Would be forgotten, because it ${since}: ${what}.` : `Forgotten, because it ${since}: ${what}.`];
}
