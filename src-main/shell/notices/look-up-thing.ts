import type { ApiInput, ApiName, ApiOutput } from '../../contract/api.ts';
import type { NoticeReason } from '../../contract/desktop-settings.ts';
import type { ServedApi } from '../../transport/serve-api.ts';
import type { NewsThing } from './notice.ts';
import { lengthInWords } from './notice-text.ts';
import type { ThingFacts } from './notices.ts';

const unknown: ThingFacts = { name: null, detail: '', folder: null };

/** Asks the engine for the name of a run or a task, for its folder, and for what is worth a line about it. */
export async function lookUpThing(
  served: Pick<ServedApi, 'call'>,
  thing: NewsThing,
  reason: NoticeReason,
): Promise<ThingFacts> {
  const call = async <N extends ApiName>(name: N, input: ApiInput<N>): Promise<ApiOutput<N> | null> => {
    const answer = await served.call(name, input);
    return answer.ok ? (answer.value as ApiOutput<N>) : null;
  };
  if (thing.kind === 'run') {
    const run = await call('getRun', { runId: thing.id });
    if (run === null) return unknown;
    const { workflow, folder, stages } = run;
    const detail = reason === 'finished' ? `${count(stages.length, 'stage')}${timeTaken(run)}.` : '';
    return { name: workflow, folder, detail };
  }
  const found = await call('getTask', { taskId: thing.id });
  if (found === null) return unknown;
  const { spec, agentId } = found.task;
  const by = agentId === null ? 'It is done' : `Done by ${agentId}`;
  const detail = reason === 'finished' ? `${by}${timeTaken(found.task)}.` : '';
  return { name: spec.title, folder: spec.folder, detail };
}

function timeTaken({ startedAt, endedAt }: { readonly startedAt: number | null; readonly endedAt: number | null }) {
  return startedAt === null || endedAt === null ? '' : ` in ${lengthInWords(Math.max(0, endedAt - startedAt))}`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
