import type { ApiInput, ApiName, ApiOutput } from '../contract/api.ts';
import type { RunSummary } from '../contract/api-runs.ts';
import type { Noun } from '../contract/nouns.ts';
import { nouns } from '../contract/nouns.ts';
import type { Settings } from '../contract/settings.ts';
import type { ServedApi } from '../transport/serve-api.ts';
import type { DesktopView, EngineStatus, OpenQuestion } from './desktop-status.ts';

/** Asks the engine for what the desktop shows. Each answer is null when the engine refused it. */
export interface StatusReader {
  readSettings(): Promise<Settings | null>;
  /** @param known stays where nothing of `changed` concerns it. */
  readView(known: DesktopView, changed: readonly Noun[]): Promise<Omit<DesktopView, 'isLost'> | null>;
}

type Call = <N extends ApiName>(name: N, input: ApiInput<N>) => Promise<ApiOutput<N> | null>;

/** How many runs and questions are named. */
const maxNamed = 10;
/** More than so many failed tasks are not told apart. */
const maxFailed = 100;

/** @param lookedAt when the person looked last, ms since the epoch; null: they look now. */
export function createStatusReader(served: Pick<ServedApi, 'call'>, lookedAt: () => number | null): StatusReader {
  const call: Call = async <N extends ApiName>(name: N, input: ApiInput<N>) => {
    const answer = await served.call(name, input);
    return answer.ok ? (answer.value as ApiOutput<N>) : null;
  };
  const countFailures = createFailureCount(call);
  return {
    async readSettings() {
      return (await call('getSettings', {}))?.settings ?? null;
    },
    async readView(known, changed) {
      const status = await call('getStatus', {});
      if (status === null) return null;
      // The first view names everything, whatever has changed.
      const all = known.status === null ? nouns : changed;
      const runs = all.includes('run') ? await readRuns(call, status) : null;
      const isAsked = all.includes('approval') || all.includes('permission');
      const questions = isAsked ? await readQuestions(call, status) : null;
      const failed = await countFailures(status, lookedAt());
      return {
        status,
        runs: runs ?? known.runs,
        questions: questions ?? known.questions,
        // The person may have looked while this was read.
        failed: lookedAt() === null ? 0 : failed,
      };
    },
  };
}

async function readRuns(call: Call, { runs }: EngineStatus): Promise<readonly RunSummary[] | null> {
  if (runs.running + runs.waiting + runs.paused === 0) return [];
  const answer = await call('listRuns', { states: ['running', 'waiting', 'paused'], limit: maxNamed });
  return answer?.runs ?? null;
}

async function readQuestions(call: Call, { questions }: EngineStatus): Promise<readonly OpenQuestion[] | null> {
  const [asked, wanted] = await Promise.all([
    questions.approvals === 0 ? { approvals: [] } : call('listApprovals', { states: ['open'] }),
    questions.permissions === 0 ? { permissions: [] } : call('listPermissions', { states: ['open'] }),
  ]);
  if (asked === null || wanted === null) return null;
  const approvals = asked.approvals.map(({ id, stage, question, requestedAt }) => {
    return { id, asker: stage, text: question, askedAt: requestedAt };
  });
  const permissions = wanted.permissions.map(({ id, agentId, title, requestedAt }) => {
    return { id, asker: agentId, text: title, askedAt: requestedAt };
  });
  const all: OpenQuestion[] = [...approvals, ...permissions];
  return all.sort((a, b) => a.askedAt - b.askedAt || a.id.localeCompare(b.id)).slice(0, maxNamed);
}

/** Counts only when something has failed, or the person has looked, since it counted last. */
function createFailureCount(call: Call): (status: EngineStatus, since: number | null) => Promise<number> {
  let counted = { from: '', failed: 0 };
  return async ({ runs, tasks }, since) => {
    if (since === null) return 0;
    const from = [since, runs.failed, tasks.failed, tasks.dead].join(' ');
    if (from === counted.from) return counted.failed;
    const [failedRuns, failedTasks] = await Promise.all([
      runs.failed === 0
        ? { total: 0 }
        : call('listRuns', { states: ['failed'], endedAfter: since, limit: 1, count: true }),
      tasks.failed + tasks.dead === 0
        ? { tasks: [] }
        : call('listTasks', {
            states: ['failed', 'dead'],
            sort: { by: 'ended', direction: 'descending' },
            limit: maxFailed,
          }),
    ]);
    if (failedRuns === null || failedTasks === null) return counted.failed;
    // A stage's task fails with its run, or the run goes on.
    const own = failedTasks.tasks.filter(({ runId, endedAt }) => runId === null && (endedAt ?? 0) >= since);
    counted = { from, failed: (failedRuns.total ?? 0) + own.length };
    return counted.failed;
  };
}
