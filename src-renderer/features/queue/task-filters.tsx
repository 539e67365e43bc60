import type { ReactNode } from 'react';
import type { TaskState } from '../../../src-main/contract/states.ts';
import { priorities } from '../../../src-main/contract/states.ts';
import { shortIdentifier } from '../../format/identifier.ts';
import { AgentField } from '../../ui/agent-field.tsx';
import type { FilterChips } from '../../ui/filter-bar.tsx';
import { chips, FilterBar } from '../../ui/filter-bar.tsx';
import { lookOf } from '../../ui/state-looks.ts';
import { useQueryList, useQueryState } from '../../ui/use-query-state.ts';
import classes from './queue.module.css';

export interface TaskFiltersProps {
  readonly storedAs: string;
  /** States to choose from, with how many tasks are in each; empty: there is nothing to choose. */
  readonly states: readonly TaskState[];
  readonly counts: Readonly<Partial<Record<TaskState, number>>> | undefined;
  /** Further chips, before those of priority. */
  readonly more?: readonly FilterChips[];
  readonly end: ReactNode;
}

/** The filters of a list of tasks; all of them are in the address. */
export function TaskFilters({ storedAs, states, counts, more = [], end }: TaskFiltersProps) {
  const [chosen, setChosen] = useQueryList('state', states);
  const [chosenPriorities, setPriorities] = useQueryList('priority', priorities);
  const ofState = chips({
    label: 'State',
    options: states.map((state) => ({
      value: state,
      label: lookOf('task', state).word,
      count: counts === undefined ? null : (counts[state] ?? 0),
    })),
    chosen,
    onChange: setChosen,
  });
  const ofPriority = chips({
    label: 'Priority',
    options: priorities.map((value) => ({ value, label: value })),
    chosen: chosenPriorities,
    onChange: setPriorities,
  });
  return (
    <FilterBar
      storedAs={storedAs}
      searchHint="Id, title, agent, error"
      chips={[...(states.length === 0 ? [] : [ofState]), ...more, ofPriority]}
      end={end}
    >
      <AgentField />
      <RunChip />
    </FilterBar>
  );
}

/** Only there when a link asked for the tasks of one run. */
function RunChip() {
  const [run, setRun] = useQueryState('run');
  if (run === null) return null;
  return (
    <button type="button" className={classes.chip} title="Show the tasks of all runs" onClick={() => setRun(null)}>
      run {shortIdentifier(run)} ×
    </button>
  );
}
