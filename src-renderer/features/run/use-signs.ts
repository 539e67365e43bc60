import { useEffect, useMemo, useState } from 'react';
import type { Attempt } from '../../../src-main/contract/task.ts';
import { useConnection } from '../../api/client.tsx';
import { useEntry } from '../../api/use-entry.ts';
import type { Sign } from './evidence.ts';
import { liveOf } from './evidence.ts';

/** The most logs that are listened to at once; of more attempts the first tell enough. */
const mostFollowed = 8;
/** Beats are no events: agents are looked at this often, ms. */
const everyMs = 5_000;

/** Signs of life of the attempts that go on, by attempt: when the log last grew, and when the agent last beat. */
export function useSigns(attempts: readonly Attempt[]): ReadonlyMap<string, Sign> {
  const live = liveOf(attempts).slice(0, mostFollowed);
  const outputs = useLastOutputs(live.map(({ id }) => id).join(' '));
  const { data } = useEntry('listAgents', {}, { enabled: live.length > 0, everyMs });
  return useMemo(() => {
    const beats = new Map(data?.agents.map(({ id, lastHeartbeatAt }) => [id, lastHeartbeatAt]));
    return new Map(
      liveOf(attempts)
        .slice(0, mostFollowed)
        .map(({ id, agentId }): [string, Sign] => [
          id,
          { lastOutputAt: outputs.get(id) ?? null, heartbeatAt: beats.get(agentId) ?? null },
        ]),
    );
  }, [attempts, outputs, data]);
}

const nothing: ReadonlyMap<string, number> = new Map();

/** When the logs of attempts last grew. @param ids apart by spaces, so that equal lists are equal. */
function useLastOutputs(ids: string): ReadonlyMap<string, number> {
  const { api, link } = useConnection();
  const [times, setTimes] = useState(nothing);
  useEffect(() => {
    let isStopped = false;
    const note = (attemptId: string, at: number) => {
      if (!isStopped) setTimes((before) => new Map(before).set(attemptId, Math.max(at, before.get(attemptId) ?? 0)));
    };
    const follow = (attemptId: string) => {
      let seen: number | null = null;
      void readLast(attemptId);
      return link.follow(
        { topic: 'log', attemptId },
        {
          deliver(message) {
            if (message.topic !== 'log') return;
            const hasGrown = seen !== null && message.totalLines > seen;
            seen = message.totalLines;
            if (hasGrown) note(attemptId, Date.now());
          },
          ended() {
            // The log itself says why; here only the sign is missing.
          },
        },
      );
    };
    /** A log is followed from now on; when it grew before, its last line tells. */
    async function readLast(attemptId: string) {
      const first = await api.readLog({ attemptId, limit: 1 });
      if (!first.ok || first.value.totalLines === 0) return;
      const last = await api.readLog({ attemptId, from: first.value.totalLines, limit: 1 });
      const at = last.ok ? last.value.lines.at(-1)?.at : undefined;
      if (at !== undefined) note(attemptId, at);
    }
    const stops = ids === '' ? [] : ids.split(' ').map(follow);
    return () => {
      isStopped = true;
      for (const stop of stops) stop();
      setTimes(nothing);
    };
  }, [api, link, ids]);
  return times;
}
