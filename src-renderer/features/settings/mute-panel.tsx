import { Button } from '@mantine/core';
import type { Settings } from '../../../src-main/contract/settings.ts';
import { formatDayAndTime, formatTimeOfDay } from '../../format/time.ts';
import { notifyError } from '../../ui/notify.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { useNow } from '../../ui/use-now.ts';
import type { FormSectionProps } from './form-section.ts';
import { inAnHour, isMuted, muted, tomorrowMorning } from './notifications-form.ts';
import classes from './settings.module.css';

/** How often it is looked whether a mute is over, in ms. */
const lookEveryMs = 15_000;

type MutePanelProps = Pick<FormSectionProps, 'settings' | 'isSaving' | 'lockedBecause' | 'save'>;

/** Silence for a while, at once and without saving anything else. */
export function MutePanel({ settings, isSaving, lockedBecause, save }: MutePanelProps) {
  const now = useNow(lookEveryMs);
  const until = settings.notifications.mutedUntil;
  const isQuiet = isMuted(settings, now);
  async function apply(next: Settings) {
    const error = await save(next);
    if (error !== null) notifyError(error);
  }
  const button = (label: string, time: () => number | null) => (
    <Button
      variant="default"
      disabled={isSaving || lockedBecause !== null}
      onClick={() => void apply(muted(settings, time()))}
    >
      {label}
    </Button>
  );
  return (
    <Panel title="Mute">
      <div className={classes.fields}>
        <p className={classes.mark} role="status">
          <StateShape shape={isQuiet ? 'bars' : 'check'} tone={isQuiet ? 'waiting' : 'completed'} />
          {isQuiet && until !== null ? `Muted until ${formatDayAndTime(until)}` : 'Not muted'}
        </p>
        <p className={classes.note}>
          While it is muted nothing is told, nor afterwards what happened meanwhile. The window and the tray still show
          everything.
        </p>
        <div className={classes.buttons}>
          {button('Mute for an hour', () => inAnHour(Date.now()))}
          {button(`Mute until ${formatTimeOfDay('08:00')} tomorrow`, () => tomorrowMorning(Date.now()))}
          {isQuiet && button('Unmute', () => null)}
        </div>
      </div>
    </Panel>
  );
}
