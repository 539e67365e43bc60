import { MultiSelect, TextInput } from '@mantine/core';
import { memo, useEffect, useState } from 'react';
import { eventKinds } from '../../../src-main/contract/event.ts';
import { AgentField } from '../../ui/agent-field.tsx';
import { chips, FilterBar } from '../../ui/filter-bar.tsx';
import { useQueryList, useQueryState } from '../../ui/use-query-state.ts';
import type { AskedEvents, IdName } from './event-filter.ts';
import { actors } from './event-filter.ts';
import { eventGroups, kindsOf } from './event-groups.ts';
import classes from './events.module.css';

/** The filters of the stream; all of them are in the address. They are not drawn again with every event. */
export const EventFilters = memo(function EventFilters({ asked }: { readonly asked: AskedEvents }) {
  const [groups, setGroups] = useQueryList('group', eventGroups);
  const [kinds, setKinds] = useQueryList('kind', eventKinds);
  const [chosenActors, setActors] = useQueryList('actor', actors);
  return (
    <FilterBar
      storedAs="events"
      searchHint="Kind, identifiers, facts"
      chips={[
        chips({ label: 'About', options: eventGroups.map(option), chosen: groups, onChange: setGroups }),
        chips({
          label: 'By',
          options: actors.map((value) => ({ value, label: `by ${value}` })),
          chosen: chosenActors,
          onChange: setActors,
        }),
      ]}
    >
      <MultiSelect
        className={classes.kinds}
        aria-label="Kinds of event"
        {...(kinds.length === 0 ? { placeholder: 'Any kind' } : {})}
        data={eventGroups.map((group) => ({ group, items: [...kindsOf(group)] }))}
        value={[...kinds]}
        onChange={(values) => setKinds(eventKinds.filter((kind) => values.includes(kind)))}
        searchable
        clearable
        comboboxProps={{ transitionProps: { duration: 0 }, width: 260 }}
      />
      <AgentField />
      <IdField name="run" hint="run_…" fault={asked.faults.run} isAlwaysShown />
      <IdField name="task" hint="task_…" fault={asked.faults.task} />
      <IdField name="attempt" hint="attempt_…" fault={asked.faults.attempt} />
    </FilterBar>
  );
});

function option<T extends string>(value: T): { readonly value: T; readonly label: string } {
  return { value, label: value };
}

interface IdFieldProps {
  readonly name: IdName;
  readonly hint: string;
  readonly fault: string | undefined;
  /** False: only shown when a link asked for it. */
  readonly isAlwaysShown?: boolean;
}

/** How long after the last key it is filtered by, in ms. */
const filterAfterMs = 300;

/** An identifier that is typed or pasted; under its name in the address. */
export function IdField({ name, hint, fault, isAlwaysShown = false }: IdFieldProps) {
  const [value, setValue] = useQueryState(name);
  const [text, setText] = useState(value ?? '');
  useEffect(() => setText(value ?? ''), [value]);
  useEffect(() => {
    if (text.trim() === (value ?? '')) return;
    const timer = setTimeout(() => setValue(text.trim(), { replace: true }), filterAfterMs);
    return () => clearTimeout(timer);
  }, [text, value, setValue]);
  if (!isAlwaysShown && value === null) return null;
  return (
    <TextInput
      className={classes.id}
      aria-label={`Identifier of the ${name}`}
      placeholder={hint}
      value={text}
      error={fault}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
