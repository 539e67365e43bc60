import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatAbsolute, formatTick } from '../format/time.ts';
import { useScheme } from '../theme/theme-provider.tsx';
import classes from './chart.module.css';
import type { Tone } from './state-looks.ts';

export interface ChartSeries {
  readonly label: string;
  readonly tone: Tone;
  readonly kind: 'line' | 'bars';
  /** One per time; null: nothing was measured. */
  readonly values: readonly (number | null)[];
}

export interface ChartProps {
  /** What it shows: its heading for screen readers, and the caption of the table behind it. */
  readonly label: string;
  /** Wall clock, ms, ascending. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  /** How a value is written on the axis and in the table. */
  readonly format: (value: number) => string;
  /** In px. */
  readonly height?: number;
}

/** Values over time, with the same values as a table at the press of a button. */
export function Chart(props: ChartProps) {
  const [isTable, setTable] = useState(false);
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.caption}>
        <span>{props.label}</span>
        <ul className={classes.legend}>
          {props.series.map(({ label, tone }) => (
            <li key={label} data-tone={tone}>
              {label}
            </li>
          ))}
        </ul>
        <Button size="compact-xs" variant="subtle" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? 'Chart' : 'Table'}
        </Button>
      </figcaption>
      {isTable ? <ValueTable {...props} /> : <Plot {...props} />}
    </figure>
  );
}

function Plot({ times, series, format, height = 160, label }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useScheme();
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    // The colours are those of the scheme in use, so another scheme is another plot.
    void scheme;
    const colour = (name: string) => getComputedStyle(element).getPropertyValue(`--${name}`).trim();
    const plot = new uPlot(
      {
        width: Math.max(100, element.clientWidth),
        height,
        legend: { show: false },
        cursor: { y: false, points: { show: false } },
        axes: axesIn(colour, format),
        scales: {
          x: { range: (_plot, first, last) => [first, last + partLength(times, series)] },
          y: { range: { min: fromZero, max: fromZero } },
        },
        series: [{}, ...series.map(({ label: name, tone, kind }) => seriesIn(colour(tone), name, kind))],
      },
      [times.map((at) => at / 1_000), ...series.map(({ values }) => [...values])],
      element,
    );
    const watch = new ResizeObserver(() => plot.setSize({ width: Math.max(100, element.clientWidth), height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [times, series, format, height, scheme]);
  return <div ref={place} className={classes.plot} style={{ height }} role="img" aria-label={label} />;
}

/** A scale that holds zero: a bar that begins elsewhere tells a wrong length. */
const fromZero: uPlot.Range.Limit = { pad: 0.1, soft: 0, mode: 1 };

/** Room for the longest value beside the axis, in px, at 11 px type. */
function axisWidth(values: readonly string[] | null): number {
  return 18 + 6.4 * Math.max(4, ...(values ?? []).map(({ length }) => length));
}

/** How much further than its last time a plot goes, in s: a bar begins at its time, and the last one needs its room. */
function partLength(times: ChartProps['times'], series: ChartProps['series']): number {
  const [first = 0, second = first] = times;
  return series.some(({ kind }) => kind === 'bars') ? (second - first) / 1_000 : 0;
}

function axesIn(colour: (name: string) => string, format: (value: number) => string): uPlot.Axis[] {
  const axis = {
    stroke: colour('muted'),
    font: `11px ${colour('face')}`,
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...axis,
      size: 28,
      values: (_plot, times, _axis, _space, step) => times.map((at) => formatTick(at * 1_000, step * 1_000)),
    },
    { ...axis, size: (_plot, values) => axisWidth(values), values: (_plot, values) => values.map(format) },
  ];
}

function seriesIn(stroke: string, label: string, kind: ChartSeries['kind']): uPlot.Series {
  const bars = uPlot.paths.bars?.({ size: [0.8, 40], align: 1 });
  const isBars = kind === 'bars' && bars !== undefined;
  return {
    label,
    stroke,
    width: isBars ? 0 : 1.5,
    points: { show: false },
    ...(isBars ? { fill: stroke, paths: bars } : {}),
  };
}

function ValueTable({ label, times, series, format, height = 160 }: ChartProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.values} style={{ maxHeight: height }} aria-label={`${label}, values`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {series.map(({ label: name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((at, index) => (
            <tr key={at}>
              <th scope="row">{formatAbsolute(at)}</th>
              {series.map(({ label: name, values }) => (
                <td key={name}>{formatOrDash(values[index] ?? null, format)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function formatOrDash(value: number | null, format: (value: number) => string): string {
  return value === null ? '–' : format(value);
}
