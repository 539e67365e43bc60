const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const bytesUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A count with thousands apart: `12,345`. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** A count where there is little room: `12.3K`. */
export function formatCompact(count: number): string {
  return count < 10_000 ? whole.format(count) : compact.format(count);
}

/** A size with three digits at most: `512 B`, `1.5 MiB`. Null: not known. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return '–';
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), bytesUnits.length - 1);
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${bytesUnits[power] ?? 'B'}`;
}

/** A share from 0 to 1 as per cent. Null: not known. */
export function formatShare(share: number | null): string {
  if (share === null) return '–';
  const percent = share * 100;
  return `${percent === 0 || percent >= 10 ? Math.round(percent) : percent.toFixed(1)} %`;
}

/** A count with its noun: `1 run`, `3 runs`. */
export function formatCounted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
