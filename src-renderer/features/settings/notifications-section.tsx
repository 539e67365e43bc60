import { Switch, TextInput } from '@mantine/core';
import { FieldGroup } from '../../ui/field-group.tsx';
import { Panel } from '../../ui/panel.tsx';
import { DesktopOnly } from './desktop-only.tsx';
import type { FormSectionProps } from './form-section.ts';
import { MutePanel } from './mute-panel.tsx';
import type { NotificationsForm } from './notifications-form.ts';
import { notificationsOf, quietWords, readNotifications, reasonOrder, reasonWords } from './notifications-form.ts';
import classes from './settings.module.css';
import { SettingsFormFrame } from './settings-form-frame.tsx';
import type { SettingsFormState } from './use-settings-form.ts';
import { useSettingsForm } from './use-settings-form.ts';

type State = SettingsFormState<NotificationsForm>;

/** What is told to a person who does not look, and when not. */
export function NotificationsSection(props: FormSectionProps) {
  const { settings, isSaving, lockedBecause, save } = props;
  const state = useSettingsForm<NotificationsForm>({
    saved: notificationsOf(settings),
    read: (form) => readNotifications(form, settings),
    save,
  });
  return (
    <>
      <DesktopOnly what="Notifications are shown by the desktop application" />
      <SettingsFormFrame label="Notifications" state={state} isSaving={isSaving} lockedBecause={lockedBecause}>
        <ReasonsPanel state={state} />
        <QuietPanel state={state} />
      </SettingsFormFrame>
      <div className={classes.section}>
        <MutePanel {...props} />
      </div>
    </>
  );
}

function ReasonsPanel({ state }: { readonly state: State }) {
  const { on, reasons } = state.form;
  return (
    <Panel title="What is told">
      <div className={classes.fields}>
        <Switch
          label="Notifications"
          description="Off: nothing is told. The window and the tray still show everything."
          checked={on}
          onChange={(event) => state.set({ on: event.currentTarget.checked })}
        />
        <FieldGroup label="Reasons" note="A project may say otherwise for work in its folder.">
          <div className={classes.switches}>
            {reasonOrder.map((reason) => (
              <Switch
                key={reason}
                label={reasonWords[reason].label}
                description={reasonWords[reason].hint}
                checked={reasons[reason]}
                disabled={!on}
                onChange={(event) => state.set({ reasons: { ...reasons, [reason]: event.currentTarget.checked } })}
              />
            ))}
          </div>
        </FieldGroup>
      </div>
    </Panel>
  );
}

function QuietPanel({ state }: { readonly state: State }) {
  const { on, quietOn, quietFrom, quietTo } = state.form;
  const isOff = !on || !quietOn;
  return (
    <Panel title="Quiet hours">
      <div className={classes.fields}>
        <Switch
          label="Quiet hours, every day"
          checked={quietOn}
          disabled={!on}
          onChange={(event) => state.set({ quietOn: event.currentTarget.checked })}
        />
        <div className={classes.hours}>
          <TextInput
            type="time"
            label="From"
            value={quietFrom}
            error={state.faults.quietFrom}
            disabled={isOff}
            onChange={(event) => state.set({ quietFrom: event.currentTarget.value })}
          />
          <TextInput
            type="time"
            label="To"
            value={quietTo}
            error={state.faults.quietTo}
            disabled={isOff}
            onChange={(event) => state.set({ quietTo: event.currentTarget.value })}
          />
        </div>
        <p className={classes.note}>{quietWords(state.form)}</p>
      </div>
    </Panel>
  );
}
