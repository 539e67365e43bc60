import { useMemo } from 'react';
import { isRunEnded } from '../../../src-main/contract/states.ts';
import type { RunWork } from '../../api/fold-run-work.ts';
import { useEntry } from '../../api/use-entry.ts';
import { useNow } from '../../ui/use-now.ts';
import { StageGraph } from '../graph/stage-graph.tsx';
import { graphStages } from './run-stages.ts';
import { askedIn, useAsked } from './use-asked.ts';

export interface GraphTabProps {
  readonly work: RunWork;
  readonly selected: string | null;
  readonly onSelect: (name: string) => void;
}

/** The stages as blocks on a track, as they are now. */
export function GraphTab({ work, selected, onSelect }: GraphTabProps) {
  const isLive = !isRunEnded(work.run.state);
  const now = useNow(isLive ? 1_000 : null);
  const { data } = useEntry('listAgents', {}, { enabled: isLive });
  const asked = useAsked(work.run.id);
  const stages = useMemo(() => {
    const agents = new Map((data?.agents ?? []).map(({ id, state }) => [id as string, state]));
    const asking = new Set(asked.map((question) => askedIn(question).stage));
    return graphStages(work, { agents, asking, now });
  }, [work, data, asked, now]);
  return (
    <StageGraph stages={stages} selected={selected} onSelect={onSelect} label={`Stages of ${work.run.workflow}`} />
  );
}
