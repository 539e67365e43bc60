import { ActionIcon, Checkbox, Menu } from '@mantine/core';
import { Columns3 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCallback, useMemo, useState } from 'react';
import { readStored, writeStored } from './stored.ts';

/** One column of a table. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** In px; absent: shares what is left. */
  readonly width?: number;
  readonly align?: 'end';
  /** The contract's name to sort by; absent: cannot be sorted. */
  readonly sortBy?: string;
  /** Whether it is shown before the person chose. Default: yes. */
  readonly isShown?: boolean;
  /** Must not be a component that fetches: a table asks once for all its rows. */
  readonly cell: (row: Row) => ReactNode;
}

/** Which columns are shown. */
export interface ColumnChoice {
  readonly hidden: ReadonlySet<string>;
  readonly toggle: (id: string) => void;
}

/** The columns a person chose, kept under a name. */
export function useColumnChoice<Row>(storedAs: string, columns: readonly Column<Row>[]): ColumnChoice {
  const name = `signalbox.columns.${storedAs}`;
  const [hidden, setHidden] = useState<readonly string[]>(
    () => readStored(name) ?? columns.filter(({ isShown }) => isShown === false).map(({ id }) => id),
  );
  const toggle = useCallback(
    (id: string) =>
      setHidden((before) => {
        const next = before.includes(id) ? before.filter((other) => other !== id) : [...before, id];
        writeStored(name, next);
        return next;
      }),
    [name],
  );
  return useMemo(() => ({ hidden: new Set(hidden), toggle }), [hidden, toggle]);
}

/** The button with which columns are shown and hidden; the first one always stays. */
export function ColumnMenu<Row>({
  columns,
  choice,
}: {
  readonly columns: readonly Column<Row>[];
  readonly choice: ColumnChoice;
}) {
  return (
    <Menu closeOnItemClick={false}>
      <Menu.Target>
        <ActionIcon aria-label="Choose columns" title="Choose columns">
          <Columns3 size={16} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {columns.slice(1).map(({ id, title }) => (
          <Menu.Item
            key={id}
            role="menuitemcheckbox"
            aria-checked={!choice.hidden.has(id)}
            onClick={() => choice.toggle(id)}
            leftSection={<Checkbox.Indicator size="xs" checked={!choice.hidden.has(id)} />}
          >
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
