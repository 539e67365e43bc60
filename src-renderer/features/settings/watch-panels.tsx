import { Select } from '@mantine/core';
import type { WatchdogRung } from '../../../src-main/contract/policies.ts';
import { watchdogRungs } from '../../../src-main/contract/policies.ts';
import { Panel } from '../../ui/panel.tsx';
import { rungChoices } from '../agents/definition-words.ts';
import { Amount } from './amount-field.tsx';
import classes from './settings.module.css';
import type { LimitsForm } from './settings-form.ts';
import type { SettingsFormState } from './use-settings-form.ts';

interface PanelProps {
  readonly state: SettingsFormState<LimitsForm>;
}

/** What becomes of work that does nothing. */
export function WatchdogPanel({ state }: PanelProps) {
  return (
    <Panel title="Work that does nothing">
      <div className={classes.fields}>
        <div className={classes.pair}>
          <Amount
            state={state}
            field="agentSilentMinutes"
            label="Agents are stuck after"
            hint="Without activity for so long. 0: never."
            unit=" min"
          />
          <Amount
            state={state}
            field="commandSilentMinutes"
            label="Commands are stuck after"
            hint="They may be silent with good reason. 0: never."
            unit=" min"
          />
          <Amount
            state={state}
            field="agentStepMinutes"
            label="Agents: time for each step"
            hint="Before the watchdog goes one step further."
            unit=" min"
          />
          <Amount
            state={state}
            field="commandStepMinutes"
            label="Commands: time for each step"
            hint="Before the watchdog goes one step further."
            unit=" min"
          />
          <Rung state={state} field="agentRung" label="Agents: at most" />
          <Rung state={state} field="commandRung" label="Commands: at most" />
        </div>
      </div>
    </Panel>
  );
}

interface RungProps extends PanelProps {
  readonly field: 'agentRung' | 'commandRung';
  readonly label: string;
}

function Rung({ state, field, label }: RungProps) {
  return (
    <Select
      label={label}
      description="Each step includes those before it."
      data={[...rungChoices]}
      value={state.form[field]}
      error={state.faults[field]}
      allowDeselect={false}
      onChange={(value) => {
        const rung: WatchdogRung | undefined = watchdogRungs.find((known) => known === value);
        if (rung !== undefined) state.set({ [field]: rung });
      }}
    />
  );
}

/** When work for an agent or a provider waits instead of failing too. */
export function BreakerPanel({ state }: PanelProps) {
  return (
    <Panel title="Circuit breakers">
      <div className={classes.triple}>
        <Amount state={state} field="breakerFailures" label="Open after" hint="Failures in a row." />
        <Amount
          state={state}
          field="breakerOpenSeconds"
          label="Stay open for"
          hint="Then some work is let through."
          unit=" s"
        />
        <Amount state={state} field="breakerSuccesses" label="Close after" hint="Successes of what was let through." />
      </div>
    </Panel>
  );
}

/** Copies of the database, and how long history is kept. */
export function KeepingPanel({ state }: PanelProps) {
  return (
    <Panel title="Copies and history">
      <div className={classes.pair}>
        <Amount
          state={state}
          field="backupMinutes"
          label="Copy the database every"
          hint="When something has changed. 0: never by itself."
          unit=" min"
        />
        <Amount state={state} field="backupKeep" label="Copies to keep" hint="Of those made by themselves." />
        <Amount
          state={state}
          field="keepDays"
          label="Keep what has ended for"
          hint="Then it is forgotten, with events and logs. 0: for ever."
          unit=" d"
        />
        <Amount
          state={state}
          field="logMebibytes"
          label="Size of all logs, at most"
          hint="Above it the oldest are removed. 0: no limit."
          unit=" MiB"
        />
      </div>
    </Panel>
  );
}
