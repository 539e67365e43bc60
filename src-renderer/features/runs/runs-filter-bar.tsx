import { Button, Select, TextInput } from '@mantine/core';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { priorities, runStates } from '../../../src-main/contract/states.ts';
import { useEntry } from '../../api/use-entry.ts';
import { AgentField } from '../../ui/agent-field.tsx';
import { chips, FilterBar } from '../../ui/filter-bar.tsx';
import { lookOf } from '../../ui/state-looks.ts';
import { setQuery, useQueryList, useQueryState } from '../../ui/use-query-state.ts';
import classes from './runs.module.css';
import type { NamedRange } from './runs-query.ts';
import { namedRanges } from './runs-query.ts';

const rangeWords: Readonly<Record<NamedRange, string>> = {
  today: 'Today',
  day: 'Last 24 hours',
  week: 'Last 7 days',
  month: 'Last 30 days',
};

/** Which runs are shown: by state with their counts, workflow, priority, agent, when they were created, and text. */
export function RunsFilterBar({ end }: { readonly end: ReactNode }) {
  const { data: status } = useEntry('getStatus', {});
  const [states, setStates] = useQueryList('state', runStates);
  return (
    <FilterBar
      storedAs="runs"
      searchHint="Id, workflow, folder, inputs"
      chips={[
        chips({
          label: 'State',
          options: runStates.map((value) => ({
            value,
            label: lookOf('run', value).word,
            count: status?.runs[value] ?? null,
          })),
          chosen: states,
          onChange: setStates,
        }),
      ]}
      end={end}
    >
      <WorkflowChoice />
      <AgentField />
      <Choice
        name="priority"
        label="Priority"
        any="Any priority"
        options={priorities.map((value) => ({ value, label: value }))}
      />
      <CreatedChoice />
      <EndedToday />
    </FilterBar>
  );
}

function WorkflowChoice() {
  const { data } = useEntry('listWorkflows', {});
  // Workflows of several projects may have one name.
  const names = new Set(data?.workflows.map(({ name }) => name));
  const options = [...names].map((name) => ({ value: name, label: name }));
  return <Choice name="workflow" label="Workflow" any="Any workflow" options={options} />;
}

interface ChoiceProps {
  /** Under which name the query of the address has it. */
  readonly name: string;
  readonly label: string;
  readonly any: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** One value of many, or none; a value of the address that is no longer offered is shown all the same. */
function Choice({ name, label, any, options }: ChoiceProps) {
  const [value, setValue] = useQueryState(name);
  const isUnknown = value !== null && options.every((option) => option.value !== value);
  return (
    <Select
      className={classes.choice}
      aria-label={label}
      placeholder={any}
      data={isUnknown ? [...options, { value, label: value }] : [...options]}
      value={value}
      onChange={(next) => setValue(next)}
      clearable
      clearButtonProps={{ 'aria-label': any }}
      searchable={options.length > 8}
    />
  );
}

/** There while a link asked for runs that ended today, as the counter of failed ones does; pressed, it is gone. */
function EndedToday() {
  const [ended, setEnded] = useQueryState('ended');
  if (ended !== 'today') return null;
  return (
    <Button variant="default" rightSection={<X size={14} aria-hidden="true" />} onClick={() => setEnded(null)}>
      Ended today
    </Button>
  );
}

function CreatedChoice() {
  const [since, setSince] = useQueryState('since');
  const [until, setUntil] = useQueryState('until');
  const named = namedRanges.find((range) => range === since) ?? null;
  const [wantsDates, setWantsDates] = useState(false);
  const hasDates = named === null && (wantsDates || since !== null || until !== null);

  function choose(value: string | null): void {
    setWantsDates(value === 'dates');
    setQuery({ since: value === 'dates' ? null : value, until: null }, false);
  }

  return (
    <>
      <Select
        className={classes.choice}
        aria-label="Created"
        placeholder="Any time"
        data={[
          ...namedRanges.map((value) => ({ value, label: rangeWords[value] })),
          { value: 'dates', label: 'Between dates' },
        ]}
        value={hasDates ? 'dates' : named}
        onChange={choose}
        clearable
        clearButtonProps={{ 'aria-label': 'Created at any time' }}
      />
      {hasDates && (
        <>
          <DateField label="Created from" value={since} onChange={setSince} />
          <DateField label="Created to" value={until} onChange={setUntil} />
        </>
      )}
    </>
  );
}

function DateField(props: {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}) {
  return (
    <TextInput
      type="date"
      className={classes.date}
      aria-label={props.label}
      title={props.label}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}
