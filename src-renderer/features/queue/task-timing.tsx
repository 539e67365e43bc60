import type { TaskSummary } from '../../../src-main/contract/api-tasks.ts';
import { formatDuration } from '../../format/duration.ts';
import { Duration } from '../../ui/times.tsx';
import { useNow } from '../../ui/use-now.ts';

/** Since when a task waits, or when it may start, or how long it has been or was worked on. */
export function TaskTiming({ task }: { readonly task: TaskSummary }) {
  const { state, createdAt, availableAt, startedAt, endedAt } = task;
  if (endedAt !== null) {
    if (startedAt === null) return <span>never started</span>;
    return (
      <span>
        took <Duration from={startedAt} to={endedAt} />
      </span>
    );
  }
  if (state === 'claimed' || state === 'running') {
    if (startedAt === null) return <span>starting</span>;
    return (
      <span>
        for <Duration from={startedAt} to={null} />
      </span>
    );
  }
  return <Waiting since={createdAt} until={availableAt} />;
}

function Waiting({ since, until }: { readonly since: number; readonly until: number }) {
  const now = useNow(1_000);
  if (until > now) return <span>starts in {formatDuration(until - now)}</span>;
  return (
    <span>
      waits <Duration from={Math.max(since, until)} to={null} />
    </span>
  );
}
