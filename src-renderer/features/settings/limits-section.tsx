import { ActionIcon, Button, NumberInput, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { FieldFault, FieldGroup } from '../../ui/field-group.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Amount } from './amount-field.tsx';
import type { FormSectionProps } from './form-section.ts';
import classes from './settings.module.css';
import type { LimitsForm } from './settings-form.ts';
import { limitsOf, readLimits } from './settings-form.ts';
import { SettingsFormFrame } from './settings-form-frame.tsx';
import type { SettingsFormState } from './use-settings-form.ts';
import { useSettingsForm } from './use-settings-form.ts';
import { BreakerPanel, KeepingPanel, WatchdogPanel } from './watch-panels.tsx';

type State = SettingsFormState<LimitsForm>;

/** How much runs at once, how long the engine waits for what, and what it keeps. */
export function LimitsSection({ settings, isSaving, lockedBecause, save }: FormSectionProps) {
  const state = useSettingsForm<LimitsForm>({
    saved: limitsOf(settings),
    read: (form) => readLimits(form, settings),
    save,
  });
  return (
    <SettingsFormFrame label="Engine" state={state} isSaving={isSaving} lockedBecause={lockedBecause}>
      <Panel title="Work at once">
        <div className={classes.fields}>
          <Amount
            state={state}
            field="total"
            label="Slots in total"
            hint="How many attempts may run at the same time."
          />
          <TypeLimits state={state} />
        </div>
      </Panel>
      <Panel title="Signs of life">
        <div className={classes.pair}>
          <Amount
            state={state}
            field="heartbeatSeconds"
            label="Time between two"
            hint="How often agents show that they live. After a restart."
            unit=" s"
          />
          <Amount
            state={state}
            field="staleSeconds"
            label="Stale after"
            hint="Without one for so long, an attempt is given up. After a restart."
            unit=" s"
          />
        </div>
      </Panel>
      <CrashLimits state={state} />
      <Panel title="Questions of agents">
        <Amount
          state={state}
          field="askMinutes"
          label="Withdraw a question after"
          hint="A question that nobody answered is cancelled, which denies nothing. 0: it waits for ever."
          unit=" min"
        />
      </Panel>
      <WatchdogPanel state={state} />
      <BreakerPanel state={state} />
      <KeepingPanel state={state} />
    </SettingsFormFrame>
  );
}

function CrashLimits({ state }: { readonly state: State }) {
  return (
    <Panel title="When agents crash">
      <div className={classes.fields}>
        <div className={classes.pair}>
          <Amount
            state={state}
            field="maxCrashes"
            label="Crashes in a row"
            hint="After so many only a person starts the agent again."
          />
          <Amount
            state={state}
            field="maxInterruptions"
            label="Interruptions of a task"
            hint="A task whose agent died under it so often is dead."
          />
        </div>
        <div className={classes.pair}>
          <Amount
            state={state}
            field="restartSeconds"
            label="Wait before a restart"
            hint="Doubles with every crash in a row."
            unit=" s"
          />
          <Amount
            state={state}
            field="longestRestartSeconds"
            label="But at most"
            hint="The longest wait before a restart."
            unit=" s"
          />
        </div>
      </div>
    </Panel>
  );
}

function TypeLimits({ state }: { readonly state: State }) {
  const { perType } = state.form;
  const change = (next: LimitsForm['perType']) => state.set({ perType: next });
  return (
    <FieldGroup label="Slots by agent type" note="A type that is not named here has no limit of its own.">
      {perType.map(({ type, slots }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
        <div key={index} className={classes.limit}>
          <TextInput
            aria-label={`Type ${index + 1}`}
            placeholder="type"
            value={type}
            onChange={(event) => change(perType.with(index, { type: event.currentTarget.value, slots }))}
          />
          <NumberInput
            aria-label={`Slots of type ${index + 1}`}
            min={0}
            allowDecimal={false}
            value={slots}
            onChange={(value) => change(perType.with(index, { type, slots: typeof value === 'number' ? value : '' }))}
          />
          <ActionIcon
            aria-label={`Remove the limit of ${type === '' ? `type ${index + 1}` : type}`}
            onClick={() => change(perType.filter((_, other) => other !== index))}
          >
            <X size={14} aria-hidden="true" />
          </ActionIcon>
        </div>
      ))}
      <FieldFault text={state.faults.perType} />
      <div>
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<Plus size={13} aria-hidden="true" />}
          onClick={() => change([...perType, { type: '', slots: '' }])}
        >
          Limit a type
        </Button>
      </div>
    </FieldGroup>
  );
}
