import { Button, CloseButton, Menu, TextInput } from '@mantine/core';
import { Bookmark, Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import { formatCompact } from '../format/amount.ts';
import classes from './bars.module.css';
import { navigate, parseHash, useHashSearch } from './hash-location.ts';
import { useShortcut } from './keyboard.ts';
import { readStored, writeStored } from './stored.ts';
import { useQueryState } from './use-query-state.ts';

/** One thing to filter by, with its choices; none chosen means all. */
export interface FilterChips<T extends string = string> {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly label: string; readonly count?: number | null }[];
  readonly chosen: readonly T[];
  readonly onChange: (chosen: readonly T[]) => void;
}

export interface FilterBarProps {
  /** Under which name filters are kept: "runs". */
  readonly storedAs: string;
  /** What the text looks at: "Id, workflow, folder, inputs". */
  readonly searchHint: string;
  /** Make each with {@link chips}, which checks its values. */
  readonly chips?: readonly FilterChips[];
  /** Further controls. */
  readonly children?: ReactNode;
  /** At the right end: a count, a column menu. */
  readonly end?: ReactNode;
}

/** Chips of one kind of value, for a bar that holds many kinds. */
export function chips<T extends string>(filter: FilterChips<T>): FilterChips {
  return { ...filter, onChange: (chosen) => filter.onChange(chosen as readonly T[]) };
}

/** Filters as chips, full text (`q` in the hash's query), and filters that were kept. `/` goes to the text. */
export function FilterBar({ storedAs, searchHint, chips: filters = [], children, end }: FilterBarProps) {
  return (
    <search className={classes.filters}>
      <SearchField hint={searchHint} />
      {filters.map((filter) => (
        <ChipGroup key={filter.label} filter={filter} />
      ))}
      {children}
      <SavedFilters storedAs={storedAs} />
      {end !== undefined && <div className={classes.end}>{end}</div>}
    </search>
  );
}

/** How long after the last key the text is searched for, in ms. */
const searchAfterMs = 200;

function SearchField({ hint }: { readonly hint: string }) {
  const [value, setValue] = useQueryState('q');
  const [text, setText] = useState(value ?? '');
  const field = useRef<HTMLInputElement>(null);
  useShortcut('/', 'Search', () => field.current?.focus(), { group: 'Lists' });

  // Back, forward and saved filters change the query from outside.
  useEffect(() => setText(value ?? ''), [value]);
  useEffect(() => {
    if (text.trim() === (value ?? '')) return;
    const timer = setTimeout(() => setValue(text.trim(), { replace: true }), searchAfterMs);
    return () => clearTimeout(timer);
  }, [text, value, setValue]);

  return (
    <TextInput
      ref={field}
      className={classes.search}
      aria-label={`Search: ${hint}`}
      placeholder={hint}
      value={text}
      maxLength={200}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        if (text === '') event.currentTarget.blur();
        else setText('');
      }}
      leftSection={<Search size={14} aria-hidden="true" />}
      rightSection={text === '' ? null : <CloseButton size="xs" aria-label="Clear" onClick={() => setText('')} />}
    />
  );
}

function ChipGroup({ filter }: { readonly filter: FilterChips }) {
  const { label, options, chosen, onChange } = filter;
  return (
    <fieldset className={classes.chips}>
      <legend className={classes.legend}>{label}</legend>
      {options.map((option) => {
        const isChosen = chosen.includes(option.value);
        return (
          <button
            key={option.value}
            type="button"
            className={classes.chip}
            aria-pressed={isChosen}
            onClick={() =>
              onChange(isChosen ? chosen.filter((value) => value !== option.value) : [...chosen, option.value])
            }
          >
            {option.label}
            {typeof option.count === 'number' && <span className={classes.count}>{formatCompact(option.count)}</span>}
          </button>
        );
      })}
    </fieldset>
  );
}

/** Filters that were kept: each is the query of the hash, so it holds whatever the view put there. */
function SavedFilters({ storedAs }: { readonly storedAs: string }) {
  const name = `signalbox.filters.${storedAs}`;
  const search = useHashSearch();
  const [saved, setSaved] = useState<readonly string[]>(() => readStored(name) ?? []);
  const store = (next: readonly string[]) => {
    setSaved(next);
    writeStored(name, next);
  };
  const isKept = saved.includes(search);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="subtle" color="gray" leftSection={<Bookmark size={14} aria-hidden="true" />}>
          Filters
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {saved.map((query) => (
          <Menu.Item key={query} onClick={() => navigate(`${parseHash(window.location.hash).path}?${query}`)}>
            {describeQuery(query)}
          </Menu.Item>
        ))}
        {saved.length > 0 && <Menu.Divider />}
        <Menu.Item disabled={search === '' || isKept} onClick={() => store([...saved, search])}>
          Keep this filter
        </Menu.Item>
        <Menu.Item disabled={!isKept} onClick={() => store(saved.filter((query) => query !== search))}>
          Forget this filter
        </Menu.Item>
        <Menu.Item disabled={search === ''} onClick={() => navigate(parseHash(window.location.hash).path)}>
          Show all
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** A filter in words: `state failed, running · q report`. */
function describeQuery(query: string): string {
  return [...new URLSearchParams(query)].map(([name, value]) => `${name} ${value.replaceAll(',', ', ')}`).join(' · ');
}
