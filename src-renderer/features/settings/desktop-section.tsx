import { Radio, Switch } from '@mantine/core';
import { isMacHost } from '../../api/create-link.ts';
import { FieldGroup } from '../../ui/field-group.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { DesktopForm } from './desktop-form.ts';
import { desktopOf, readDesktop, updateWords } from './desktop-form.ts';
import { DesktopOnly } from './desktop-only.tsx';
import type { FormSectionProps } from './form-section.ts';
import classes from './settings.module.css';
import { SettingsFormFrame } from './settings-form-frame.tsx';
import { ShortcutField } from './shortcut-field.tsx';
import type { SettingsFormState } from './use-settings-form.ts';
import { useSettingsForm } from './use-settings-form.ts';

type State = SettingsFormState<DesktopForm>;

const updateChoices = ['off', 'tell', 'download'] as const;

/** What the desktop application does besides showing the window. */
export function DesktopSection({ settings, isSaving, lockedBecause, save }: FormSectionProps) {
  const isMac = isMacHost();
  const state = useSettingsForm<DesktopForm>({
    saved: desktopOf(settings),
    read: (form) => readDesktop(form, settings, isMac),
    save,
  });
  return (
    <>
      <DesktopOnly what="These settings are those of the desktop application" />
      <SettingsFormFrame label="Desktop" state={state} isSaving={isSaving} lockedBecause={lockedBecause}>
        <ApplicationPanel state={state} />
        <Panel title="Shortcuts in every application">
          <div className={classes.fields}>
            <p className={classes.note}>
              They work while other applications are in front. Press a field, then the keys; Escape leaves it as it was.
              Where the system gives the keys to somebody else, the engine’s health says so.
            </p>
            <ShortcutField
              label="Show the window"
              hint="Brings Signalbox to the front."
              value={state.form.windowShortcut}
              fault={state.faults.windowShortcut}
              isMac={isMac}
              onChange={(windowShortcut) => state.set({ windowShortcut })}
            />
            <ShortcutField
              label="Freeze everything"
              hint="Stops all work at once, without a question. Again: lets it go on."
              value={state.form.freezeShortcut}
              fault={state.faults.freezeShortcut}
              isMac={isMac}
              onChange={(freezeShortcut) => state.set({ freezeShortcut })}
            />
          </div>
        </Panel>
        <UpdatesPanel state={state} />
      </SettingsFormFrame>
    </>
  );
}

function ApplicationPanel({ state }: { readonly state: State }) {
  const { closeToTray, startAtLogin, preventSleep } = state.form;
  return (
    <Panel title="Application">
      <div className={classes.switches}>
        <Switch
          label="Close to the tray"
          description="Closing the last window leaves Signalbox at work. Off, or where there is no tray, it asks to quit."
          checked={closeToTray}
          onChange={(event) => state.set({ closeToTray: event.currentTarget.checked })}
        />
        <Switch
          label="Start at login"
          description="It starts in the tray, without a window."
          checked={startAtLogin}
          onChange={(event) => state.set({ startAtLogin: event.currentTarget.checked })}
        />
        <Switch
          label="Keep the machine awake"
          description="While an attempt is live it does not fall asleep by itself. The screen may."
          checked={preventSleep}
          onChange={(event) => state.set({ preventSleep: event.currentTarget.checked })}
        />
      </div>
    </Panel>
  );
}

function UpdatesPanel({ state }: { readonly state: State }) {
  return (
    <Panel title="Updates">
      <FieldGroup label="When there is a newer Signalbox">
        <Radio.Group
          aria-label="When there is a newer Signalbox"
          value={state.form.updates}
          onChange={(value) => {
            const chosen = updateChoices.find((choice) => choice === value);
            if (chosen !== undefined) state.set({ updates: chosen });
          }}
        >
          <div className={classes.switches}>
            {updateChoices.map((choice) => (
              <Radio
                key={choice}
                value={choice}
                label={updateWords[choice].label}
                description={updateWords[choice].hint}
              />
            ))}
          </div>
        </Radio.Group>
      </FieldGroup>
    </Panel>
  );
}
