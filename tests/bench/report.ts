import type { Machine } from './machine.ts';
import type { Row } from './measurement.ts';

/** Three significant digits are all that a repeated run confirms. */
function formatValue(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

/** The rows as an aligned table. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [row.name, formatValue(row.value), row.unit, row.verdict, row.target ?? '']);
  const all = [['measured', 'value', 'unit', 'verdict', 'target'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  return all
    .map((line) =>
      line
        .map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The machine in two lines. */
export function formatMachine(machine: Machine): string {
  const { cpu, cores, memoryGib, system, node, sqlite, folder, filesystem, loadBefore } = machine;
  return (
    `${cores} × ${cpu}, ${memoryGib} GiB, ${system}, Node ${node}, SQLite ${sqlite}\n` +
    `${folder} on ${filesystem}; load average before the run ${loadBefore.toFixed(1)}`
  );
}
