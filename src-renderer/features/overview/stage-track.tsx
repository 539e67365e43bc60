import type { RunTrack } from '../../../src-main/contract/api-runs.ts';
import { lookOf } from '../../ui/state-looks.ts';
import classes from './overview.module.css';
import { trackWords } from './overview-words.ts';

/** More stages than this are too narrow to tell apart; the track is then one lit line. */
const mostBlocks = 40;

/** The stages of a run as blocks on a track: what is done is lit, what runs moves. */
export function StageTrack({ track }: { readonly track: RunTrack }) {
  const { run, stages } = track;
  const words = trackWords(stages);
  if (stages.length > mostBlocks) {
    return (
      <div className={classes.track} role="img" aria-label={words} title={words}>
        <span className={classes.block} data-tone="running" style={{ flexGrow: run.progress }} />
        <span className={classes.block} data-tone="idle" style={{ flexGrow: 100 - run.progress }} />
      </div>
    );
  }
  return (
    <div className={classes.track} role="img" aria-label={words}>
      {stages.map(({ name, state }) => (
        <span
          key={name}
          className={classes.block}
          data-tone={lookOf('stage', state).tone}
          data-state={state}
          title={`${name}: ${lookOf('stage', state).word}`}
        />
      ))}
    </div>
  );
}
