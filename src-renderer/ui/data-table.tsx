import { Checkbox } from '@mantine/core';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ComponentPropsWithoutRef, ReactNode } from 'react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { TableVirtuosoHandle } from 'react-virtuoso';
import { TableVirtuoso } from 'react-virtuoso';
import type { ApiError } from '../../src-main/contract/errors.ts';
import classes from './data-table.module.css';
import { useShortcut } from './keyboard.ts';
import { ErrorNotice } from './notices.tsx';
import type { Column, ColumnChoice } from './table-columns.tsx';
import type { RowGroup, TableItem } from './table-groups.ts';
import { GroupHeading, nextRow, withHeadings } from './table-groups.ts';
import type { Selection } from './use-selection.ts';

export interface Sort {
  readonly by: string;
  readonly direction: 'ascending' | 'descending';
}

export interface DataTableProps<Row> {
  /** What the rows are, for screen readers: "Runs". */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** The group that a row stands in, under a heading; rows of one stand together. Keep it outside of the component. */
  readonly groupOf?: (row: Row) => RowGroup | null;
  /** Whether nothing can be shown yet: rows of grey bars stand in. */
  readonly isLoading?: boolean;
  /** Whether the rows answer an earlier question: they are dimmed. */
  readonly isPrevious?: boolean;
  readonly error?: ApiError | null;
  readonly onRetry?: () => void;
  /** What stands there when there are no rows. */
  readonly empty: ReactNode;
  /** Called when the last rows come into sight. */
  readonly onEndReached?: () => void;
  /** Opens a row: click, or Enter on the one that j and k moved to. */
  readonly onOpen?: (row: Row) => void;
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort) => void;
  /** From `useSelection`; absent: rows cannot be chosen. */
  readonly selection?: Selection;
  /** From `useColumnChoice`; absent: all columns are shown. */
  readonly choice?: ColumnChoice;
  /** Key of the row that is open beside the table. */
  readonly openKey?: string | null;
}

interface RowContext {
  /** By line; null: a heading. */
  readonly keys: readonly (string | null)[];
  readonly current: number;
  readonly openKey: string | null;
  readonly selected: ReadonlySet<string>;
  readonly open: ((index: number) => void) | null;
}

type RowProps = ComponentPropsWithoutRef<'tr'> & { readonly 'data-index': number; readonly context: RowContext };

/** Outside of the table, so that it keeps its rows when the table is drawn again. */
function TableRow({ context, ...props }: RowProps) {
  const index = props['data-index'];
  const key = context.keys[index] ?? null;
  if (key === null) return <tr {...props} className={classes.group} />;
  return (
    // The keyboard moves and opens rows with j, k and Enter.
    <tr
      {...props}
      className={classes.row}
      data-current={context.current === index || undefined}
      data-open={context.openKey === key || undefined}
      aria-selected={context.selected.has(key) || undefined}
      data-opens={context.open !== null || undefined}
      onClick={(event) => {
        if (!isOwnControl(event.target)) context.open?.(index);
      }}
    />
  );
}

/** Links, buttons and boxes in a row do what they do; selected text is not a click. */
function isOwnControl(target: EventTarget): boolean {
  if (target instanceof Element && target.closest('a, button, input, label') !== null) return true;
  return window.getSelection()?.isCollapsed === false;
}

const components = {
  Table: ({ context: _context, ...props }: ComponentPropsWithoutRef<'table'> & { readonly context?: unknown }) => (
    <table {...props} className={classes.table} />
  ),
  TableRow,
};

/** Rows of a list of any length: only what is visible is drawn. Moves with j, k, Enter; chooses with x and Shift. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, rowKey, groupOf, columns, choice, selection, onOpen, isLoading = false, error = null } = props;
  const [current, setCurrent] = useState(-1);
  const virtuoso = useRef<TableVirtuosoHandle>(null);
  const items = useMemo(() => (groupOf === undefined ? rows : withHeadings(rows, groupOf)), [rows, groupOf]);
  const keys = useMemo(
    () => items.map((item) => (item instanceof GroupHeading ? null : rowKey(item))),
    [items, rowKey],
  );
  const shown = columns.filter(({ id }) => choice === undefined || !choice.hidden.has(id));
  useTableKeys({
    props,
    items,
    keys,
    current,
    setCurrent,
    scrollTo: (index) => virtuoso.current?.scrollIntoView({ index }),
  });
  useNewAnswer(props.isPrevious === true, () => {
    setCurrent(-1);
    virtuoso.current?.scrollToIndex({ index: 0 });
  });

  if (error !== null && rows.length === 0) {
    return (
      <div className={classes.instead}>
        <ErrorNotice error={error} {...(props.onRetry === undefined ? {} : { onRetry: props.onRetry })} />
      </div>
    );
  }
  if (isLoading) return <LoadingTable columns={shown} hasBoxes={selection !== undefined} label={props.label} />;
  if (rows.length === 0) return <div className={classes.instead}>{props.empty}</div>;

  const context: RowContext = {
    keys,
    current,
    openKey: props.openKey ?? null,
    selected: selection?.keys ?? new Set(),
    open:
      onOpen === undefined
        ? null
        : (index) => {
            const row = items[index];
            setCurrent(index);
            if (row !== undefined && !(row instanceof GroupHeading)) onOpen(row);
          },
  };
  return (
    <div className={classes.frame} data-previous={props.isPrevious || undefined}>
      <TableVirtuoso
        ref={virtuoso}
        className={classes.scroller}
        data={items}
        context={context}
        components={components}
        aria-label={props.label}
        tabIndex={0}
        increaseViewportBy={400}
        computeItemKey={(index) => keys[index] ?? `heading ${index}`}
        endReached={() => props.onEndReached?.()}
        fixedHeaderContent={() => <Header {...props} columns={shown} keys={keys.filter((key) => key !== null)} />}
        itemContent={(_index, item) =>
          item instanceof GroupHeading ? (
            <th
              className={classes.groupTitle}
              scope="rowgroup"
              colSpan={shown.length + (selection === undefined ? 0 : 1)}
            >
              {item.group.title}
            </th>
          ) : (
            <Cells row={item} rowKey={rowKey} columns={shown} selection={selection} />
          )
        }
      />
    </div>
  );
}

/** Rows of another filter or order are read from their first one on, wherever those before them were scrolled to. */
function useNewAnswer(isPrevious: boolean, begin: () => void): void {
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !isPrevious) begin();
    was.current = isPrevious;
  });
}

interface TableKeys<Row> {
  readonly props: DataTableProps<Row>;
  readonly items: readonly TableItem<Row>[];
  readonly keys: readonly (string | null)[];
  readonly current: number;
  readonly setCurrent: (index: number) => void;
  readonly scrollTo: (index: number) => void;
}

function useTableKeys<Row>({ props, items, keys, current, setCurrent, scrollTo }: TableKeys<Row>): void {
  const { onOpen, selection } = props;
  const key = keys[current] ?? null;
  const move = (by: 1 | -1) => {
    const next = nextRow(items, current, current < 0 ? 1 : by);
    setCurrent(next);
    scrollTo(next);
  };
  const group = 'Lists';
  useShortcut('j', 'Next row', () => move(1), { group });
  useShortcut('k', 'Row before', () => move(-1), { group });
  useShortcut(
    'Enter',
    'Open the row',
    () => {
      const row = items[current];
      if (row !== undefined && !(row instanceof GroupHeading)) onOpen?.(row);
    },
    { group, enabled: onOpen !== undefined && current >= 0 },
  );
  const canChoose = selection !== undefined;
  useShortcut('x', 'Choose the row', () => key !== null && selection?.toggle(key), { group, enabled: canChoose });
  useShortcut('X', 'Choose all up to the row', () => key !== null && selection?.toggle(key, true), {
    group,
    enabled: canChoose,
  });
  useShortcut('Escape', 'Choose none', () => selection?.clear(), {
    group,
    enabled: canChoose && selection.keys.size > 0,
  });
}

interface HeaderProps<Row> extends Pick<DataTableProps<Row>, 'columns' | 'sort' | 'onSort' | 'selection'> {
  readonly keys: readonly string[];
}

function Header<Row>({ columns, sort, onSort, selection, keys }: HeaderProps<Row>) {
  const chosen = selection?.keys.size ?? 0;
  return (
    <tr className={classes.header}>
      {selection !== undefined && (
        <th className={classes.box} scope="col">
          <Checkbox
            aria-label="Choose all rows that are loaded"
            checked={chosen > 0 && chosen >= keys.length}
            indeterminate={chosen > 0 && chosen < keys.length}
            onChange={() => (chosen > 0 ? selection.clear() : selection.set(keys))}
          />
        </th>
      )}
      {columns.map(({ id, title, width, align, sortBy }) => (
        <th
          key={id}
          scope="col"
          style={width === undefined ? undefined : { width }}
          data-align={align}
          aria-sort={sortBy !== undefined && sort?.by === sortBy ? sort.direction : undefined}
        >
          {sortBy === undefined || onSort === undefined ? (
            title
          ) : (
            <button type="button" className={classes.sort} onClick={() => onSort(nextSort(sort ?? null, sortBy))}>
              {title}
              {sort?.by === sortBy && <SortArrow direction={sort.direction} />}
            </button>
          )}
        </th>
      ))}
    </tr>
  );
}

function SortArrow({ direction }: { readonly direction: Sort['direction'] }) {
  const Arrow = direction === 'ascending' ? ArrowUp : ArrowDown;
  return <Arrow size={12} aria-hidden="true" />;
}

/** What a press on a column's title sorts by. */
function nextSort(sort: Sort | null, by: string): Sort {
  const isSame = sort?.by === by;
  return { by, direction: isSame && sort.direction === 'descending' ? 'ascending' : 'descending' };
}

interface CellsProps<Row> extends Pick<DataTableProps<Row>, 'columns' | 'rowKey'> {
  readonly row: Row;
  readonly selection: Selection | undefined;
}

function Cells<Row>({ row, rowKey, columns, selection }: CellsProps<Row>) {
  const key = rowKey(row);
  return (
    <>
      {selection !== undefined && (
        <td className={classes.box}>
          <Checkbox
            aria-label={`Choose ${key}`}
            checked={selection.keys.has(key)}
            onChange={() => {}}
            onClick={(event) => selection.toggle(key, event.shiftKey)}
          />
        </td>
      )}
      {columns.map(({ id, align, cell }) => (
        <td key={id} data-align={align}>
          {cell(row)}
        </td>
      ))}
    </>
  );
}

/** The table's own layout with grey bars, until there are rows. */
function LoadingTable<Row>(props: {
  readonly columns: readonly Column<Row>[];
  readonly hasBoxes: boolean;
  readonly label: string;
}) {
  const { columns, hasBoxes, label } = props;
  return (
    <table className={classes.table} aria-label={`${label}, loading`} aria-busy="true">
      <thead>
        <tr className={classes.header}>
          {hasBoxes && <td className={classes.box} />}
          {columns.map(({ id, title, width, align }) => (
            <th key={id} scope="col" style={width === undefined ? undefined : { width }} data-align={align}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((row) => (
          <tr key={row} className={classes.row}>
            {hasBoxes && <td className={classes.box} />}
            {columns.map(({ id }) => (
              <td key={id}>
                <span className={classes.bone} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
