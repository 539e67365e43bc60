import { ActionIcon, Button, NumberInput, TextInput, Tooltip } from '@mantine/core';
import {
  ArrowDown,
  ArrowDownToLine,
  ArrowUp,
  CaseSensitive,
  CircleAlert,
  Clock,
  Download,
  Regex,
  Search,
  WrapText,
  X,
} from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { memo, useState } from 'react';
import { downloadAddress } from './download-address.ts';
import type { LogModel } from './log-model.ts';
import { rowPx } from './log-model.ts';
import { useLogPreferences } from './log-preferences.ts';
import styles from './log-toolbar.module.css';
import { matchCount } from './match-count.ts';
import { useLog } from './use-log.ts';
import type { LogSearchControls } from './use-log-search.ts';

export interface LogToolbarProps {
  readonly model: LogModel;
  readonly search: LogSearchControls;
  readonly searchField: RefObject<HTMLInputElement | null>;
}

/** What can be done with a log: search, jump, follow, and how it looks. Lines that come do not draw it again. */
export const LogToolbar = memo(function LogToolbar({ model, search, searchField }: LogToolbarProps) {
  const isFollowing = useLog(model, (log) => log.isFollowing);
  const { wrap, timestamps } = useLogPreferences();
  return (
    <div className={styles.bar} role="toolbar" aria-label="Log">
      <SearchPart model={model} search={search} searchField={searchField} />
      <Tooltip label="First error (e)">
        <ActionIcon aria-label="First error" onClick={search.goToFirstError}>
          <CircleAlert size={16} aria-hidden="true" />
        </ActionIcon>
      </Tooltip>
      <GoToLine model={model} />
      <span className={styles.space} />
      <Toggle
        label="Timestamps"
        isOn={timestamps}
        onClick={() => useLogPreferences.setState({ timestamps: !timestamps })}
        icon={<Clock size={16} aria-hidden="true" />}
      />
      <Toggle
        label="Wrap long lines"
        keys="w"
        isOn={wrap}
        onClick={() => useLogPreferences.setState({ wrap: !wrap })}
        icon={<WrapText size={16} aria-hidden="true" />}
      />
      <Toggle
        label="Follow the end"
        keys="f"
        isOn={isFollowing}
        onClick={() => model.follow(!model.isFollowing)}
        icon={<ArrowDownToLine size={16} aria-hidden="true" />}
      />
      <Downloads model={model} />
    </div>
  );
});

function SearchPart({ model, search, searchField }: LogToolbarProps) {
  const { pattern, caseSensitive } = useLogPreferences();
  const state = useLog(model, (log) => log.search.state);
  const current = useLog(model, (log) => log.current);
  const hasFound = (state.found?.total ?? 0) > 0;
  return (
    <search className={styles.search}>
      <TextInput
        ref={searchField}
        className={styles.field}
        aria-label="Search in the log"
        placeholder={state.find?.kind === 'error' ? 'Lines that look like errors' : 'Search'}
        value={search.text}
        maxLength={1_000}
        error={state.error !== null}
        onChange={(event) => search.setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') search.go(event.shiftKey ? 'previous' : 'next');
          if (event.key === 'Escape') {
            event.stopPropagation();
            search.clear();
            event.currentTarget.blur();
          }
        }}
        leftSection={<Search size={14} aria-hidden="true" />}
      />
      <Toggle
        label="Match case"
        isOn={caseSensitive}
        onClick={() => useLogPreferences.setState({ caseSensitive: !caseSensitive })}
        icon={<CaseSensitive size={16} aria-hidden="true" />}
      />
      <Toggle
        label="Regular expression"
        isOn={pattern}
        onClick={() => useLogPreferences.setState({ pattern: !pattern })}
        icon={<Regex size={16} aria-hidden="true" />}
      />
      <span className={styles.count} role="status">
        {matchCount(state, current)}
      </span>
      <ActionIcon aria-label="Previous match" disabled={!hasFound} onClick={() => search.go('previous')}>
        <ArrowUp size={16} aria-hidden="true" />
      </ActionIcon>
      <ActionIcon aria-label="Next match" disabled={!hasFound} onClick={() => search.go('next')}>
        <ArrowDown size={16} aria-hidden="true" />
      </ActionIcon>
      {state.find !== null && (
        <ActionIcon aria-label="End the search" onClick={search.clear}>
          <X size={16} aria-hidden="true" />
        </ActionIcon>
      )}
    </search>
  );
}

function GoToLine({ model }: { readonly model: LogModel }) {
  const [line, setLine] = useState<number | string>('');
  return (
    <NumberInput
      className={styles.line}
      aria-label="Go to line"
      placeholder="Line"
      hideControls
      allowDecimal={false}
      allowNegative={false}
      value={line}
      onChange={setLine}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || line === '') return;
        // Lines are counted within the log that is in view.
        const { source } = model.current ?? model.place(Math.floor(model.top / rowPx)) ?? { source: 0 };
        model.goTo({ source, line: Number(line) });
        setLine('');
      }}
    />
  );
}

function Downloads({ model }: { readonly model: LogModel }) {
  // With several logs, each has its own at its heading.
  const attemptId = useLog(model, ({ sources }) => (sources.length === 1 ? sources[0]?.attemptId : undefined));
  if (attemptId === undefined) return null;
  return (
    <Tooltip label="Download the whole log">
      <ActionIcon
        component="a"
        aria-label="Download the whole log"
        href={downloadAddress(attemptId)}
        download={`${attemptId}.log`}
      >
        <Download size={16} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  );
}

/** The way back to the end, with what came since it was left. */
export function JumpToEnd({ model }: { readonly model: LogModel }) {
  const newRows = useLog(model, (log) => log.newRows);
  const isShown = useLog(model, (log) => !(log.isFollowing || log.isAtEnd) && (log.isLive || log.newRows > 0));
  if (!isShown) return null;
  return (
    <Button className={styles.jump} onClick={() => model.follow(true)} leftSection={<ArrowDownToLine size={14} />}>
      Jump to end{newRows > 0 ? ` (${newRows.toLocaleString('en')} new)` : ''}
    </Button>
  );
}

function Toggle(props: {
  readonly label: string;
  /** The key that does the same. */
  readonly keys?: string;
  readonly isOn: boolean;
  readonly onClick: () => void;
  readonly icon: ReactNode;
}) {
  const { label, keys, isOn, onClick, icon } = props;
  return (
    <Tooltip label={keys === undefined ? label : `${label} (${keys})`}>
      <ActionIcon
        aria-label={label}
        aria-pressed={isOn}
        className={styles.toggle}
        data-on={isOn || undefined}
        onClick={onClick}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
