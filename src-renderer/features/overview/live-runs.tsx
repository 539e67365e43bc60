import { Button } from '@mantine/core';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ApiOutput } from '../../../src-main/contract/api.ts';
import type { RunTrack } from '../../../src-main/contract/api-runs.ts';
import { formatCount } from '../../format/amount.ts';
import { shortIdentifier } from '../../format/identifier.ts';
import { navigate } from '../../ui/hash-location.ts';
import { Panel } from '../../ui/panel.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Duration } from '../../ui/times.tsx';
import { StartRunModal } from '../workflows/start-run-modal.tsx';
import classes from './overview.module.css';
import { stageToName } from './overview-words.ts';
import { StageTrack } from './stage-track.tsx';

/** The runs that have not ended, each as a track. */
export function LiveRuns({ overview }: { readonly overview: ApiOutput<'getOverview'> }) {
  const { live, liveTotal } = overview;
  const [isStarting, setStarting] = useState(false);
  return (
    <Panel
      title="Running"
      isFlush
      actions={
        liveTotal > live.length ? (
          <Link href="/runs?state=queued,running,paused,waiting">All {formatCount(liveTotal)}</Link>
        ) : (
          formatCount(liveTotal)
        )
      }
    >
      {live.length === 0 ? (
        <div className={classes.idle}>
          <span>No run is under way.</span>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<Play size={13} aria-hidden="true" />}
            onClick={() => setStarting(true)}
          >
            Start a run
          </Button>
          <StartRunModal isOpen={isStarting} place={null} onClose={() => setStarting(false)} />
        </div>
      ) : (
        <ul className={classes.rows}>
          {live.map((track) => (
            <LiveRun key={track.run.id} track={track} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function LiveRun({ track }: { readonly track: RunTrack }) {
  const { run, stages } = track;
  const stage = stageToName(stages);
  const href = `/runs/${run.id}`;
  return (
    // The link inside is what the keyboard uses; the whole row is a larger target for the hand.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the link does the same by keyboard
    <li className={classes.live} onClick={(event) => isPlain(event.target) && navigate(href)}>
      <StateMark of="run" state={run.state} />
      <span className={classes.name}>
        <Link href={href} title={run.id}>
          {run.workflow} <span className={classes.muted}>{shortIdentifier(run.id)}</span>
        </Link>
      </span>
      <StageTrack track={track} />
      <span className={classes.number}>{Math.round(run.progress)} %</span>
      <span className={classes.stage} title={stage?.name}>
        {stage?.name ?? ''}
      </span>
      <span className={classes.number}>
        <Duration from={run.startedAt ?? run.createdAt} to={null} />
      </span>
    </li>
  );
}

function isPlain(target: EventTarget): boolean {
  return !(target instanceof Element && target.closest('a, button') !== null);
}
