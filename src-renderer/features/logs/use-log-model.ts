import { useEffect, useLayoutEffect, useState } from 'react';
import type { LogFind } from '../../../src-main/contract/log-find.ts';
import { useConnection } from '../../api/client.tsx';
import { useConnectionStore } from '../../stores/connection-store.ts';
import type { LogSource } from './log-model.ts';
import { LogModel } from './log-model.ts';
import { onNextFrame } from './on-next-frame.ts';
import type { ReadLog } from './page-cache.ts';

/** Reads pages of logs from the engine. */
export function useReadLog(): ReadLog {
  const { link } = useConnection();
  const [read] = useState((): ReadLog => (attemptId, from, limit) => link.call('readLog', { attemptId, from, limit }));
  return read;
}

/** The model of one log view, alive as long as the view. */
export function useLogModel(sources: readonly LogSource[]): LogModel {
  const { link } = useConnection();
  const read = useReadLog();
  const [model] = useState(
    () =>
      new LogModel({
        read,
        search: (attemptId: string, find: LogFind) => link.call('searchLog', { attemptId, find }),
        follow: (attemptId, listener) => link.follow({ topic: 'log', attemptId }, listener),
        onFrame: onNextFrame,
      }),
  );
  const key = JSON.stringify(sources);
  // The same sources written anew in each render are no news.
  useLayoutEffect(() => model.setSources(JSON.parse(key) as readonly LogSource[]), [model, key]);
  useEffect(() => model.start(), [model]);

  const isConnected = useConnectionStore(({ state }) => state === 'connected');
  const [wasLost, setWasLost] = useState(false);
  useEffect(() => {
    if (!isConnected) setWasLost(true);
    else if (wasLost) {
      // What grew meanwhile was told to nobody.
      setWasLost(false);
      model.refresh();
    }
  }, [isConnected, wasLost, model]);
  return model;
}
