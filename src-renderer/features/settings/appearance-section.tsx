import { SegmentedControl, Switch } from '@mantine/core';
import { densities, themes, timestampStyles, usePreferences } from '../../stores/preferences-store.ts';
import { FieldGroup } from '../../ui/field-group.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useLogPreferences } from '../logs/log-preferences.ts';
import classes from './settings.module.css';

const words = {
  system: 'As the system',
  dark: 'Dark',
  light: 'Light',
  comfortable: 'Comfortable',
  compact: 'Compact',
  relative: 'How long ago',
  absolute: 'Date and time',
} as const;

/** How this window looks. Kept in this window, and applied at once. */
export function AppearanceSection() {
  const { theme, density, timestamps } = usePreferences();
  const log = useLogPreferences();
  return (
    <div className={classes.section}>
      <Panel title="Window">
        <div className={classes.fields}>
          <FieldGroup label="Theme">
            <Segments
              label="Theme"
              values={themes}
              value={theme}
              onChange={(value) => usePreferences.setState({ theme: value })}
            />
          </FieldGroup>
          <FieldGroup label="Rows">
            <Segments
              label="Rows"
              values={densities}
              value={density}
              onChange={(value) => usePreferences.setState({ density: value })}
            />
          </FieldGroup>
          <FieldGroup label="Times">
            <Segments
              label="Times"
              values={timestampStyles}
              value={timestamps}
              onChange={(value) => usePreferences.setState({ timestamps: value })}
            />
          </FieldGroup>
        </div>
      </Panel>
      <Panel title="Logs">
        <div className={classes.fields}>
          <Switch
            label="Wrap long lines"
            checked={log.wrap}
            onChange={(event) => useLogPreferences.setState({ wrap: event.currentTarget.checked })}
          />
          <Switch
            label="Show the time of each line"
            checked={log.timestamps}
            onChange={(event) => useLogPreferences.setState({ timestamps: event.currentTarget.checked })}
          />
        </div>
      </Panel>
      <p className={classes.small}>
        Kept in this window only. Press <kbd>?</kbd> anywhere for the keys that work there.
      </p>
    </div>
  );
}

interface SegmentsProps<T extends keyof typeof words> {
  readonly label: string;
  readonly values: readonly T[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

function Segments<T extends keyof typeof words>({ label, values, value, onChange }: SegmentsProps<T>) {
  return (
    <SegmentedControl
      aria-label={label}
      data={values.map((choice) => ({ value: choice, label: words[choice] }))}
      value={value}
      onChange={(chosen) => {
        const known = values.find((choice) => choice === chosen);
        if (known !== undefined) onChange(known);
      }}
    />
  );
}
