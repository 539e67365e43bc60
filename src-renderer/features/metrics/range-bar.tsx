import { SegmentedControl, TextInput } from '@mantine/core';
import { setQuery } from '../../ui/use-query-state.ts';
import { fieldTime, metricRanges } from './metric-ranges.ts';
import classes from './metrics.module.css';

export interface RangeBarProps {
  /** Id of one of the ranges, or `custom`. */
  readonly range: string;
  readonly from: string | null;
  readonly to: string | null;
  /** What is wrong with a range that the person chose; null: nothing. */
  readonly fault: string | null;
}

const hour = 3_600_000;

/** Over which time is measured; it is part of the address. */
export function RangeBar({ range, from, to, fault }: RangeBarProps) {
  return (
    <div className={classes.ranges}>
      <SegmentedControl
        aria-label="Range"
        data={[...metricRanges.map(({ id, label }) => ({ value: id, label })), { value: 'custom', label: 'Custom' }]}
        value={range}
        onChange={choose}
      />
      {range === 'custom' && (
        <>
          <RangeEnd label="From" name="from" value={from} fault={fault} />
          <RangeEnd label="To" name="to" value={to} fault={null} />
        </>
      )}
    </div>
  );
}

/** A range of one's own begins as the last hour. */
function choose(id: string): void {
  const now = Date.now();
  const ends = id === 'custom' ? { from: fieldTime(now - hour), to: fieldTime(now) } : { from: null, to: null };
  setQuery({ range: id, ...ends }, false);
}

interface RangeEndProps {
  readonly label: string;
  readonly name: 'from' | 'to';
  readonly value: string | null;
  readonly fault: string | null;
}

function RangeEnd({ label, name, value, fault }: RangeEndProps) {
  return (
    <TextInput
      type="datetime-local"
      aria-label={label}
      leftSection={<span className={classes.muted}>{label}</span>}
      leftSectionWidth={44}
      value={value ?? ''}
      error={fault}
      onChange={(event) => setQuery({ [name]: event.currentTarget.value }, true)}
    />
  );
}
