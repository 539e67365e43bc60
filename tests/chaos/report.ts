/** Writes what the harness found, for people and for programs. Neither names a folder or a host. */
import type { Machine } from '../bench/machine.ts';
import type { Form } from './fault-group.ts';
import type { PropertyName } from './properties.ts';
import { propertyTitles } from './properties.ts';
import type { Assertions, GroupResult } from './run-group.ts';

/** A whole run of the harness. */
export interface ChaosReport {
  readonly at: string;
  readonly form: Form;
  readonly seed: number;
  readonly seconds: number;
  readonly machine: Pick<Machine, 'cpu' | 'cores' | 'memoryGib' | 'system' | 'node' | 'sqlite'>;
  readonly groups: readonly GroupResult[];
}

export type Outcome = 'passed' | 'failed' | 'not run';

/** A group has passed when it did something, and nothing failed. */
export function outcomeOf({ failures, faults }: Pick<GroupResult, 'failures' | 'faults'>): Outcome {
  if (failures.length > 0) return 'failed';
  return faults.some(({ trials }) => trials > 0) ? 'passed' : 'not run';
}

/** The report as a page of Markdown. */
export function formatReport(report: ChaosReport): string {
  const { groups, machine, seed, form } = report;
  return `${[
    '# Faults that were tried',
    '',
    'Written by `npm run chaos`. Every fault happens to the real engine, agent host and child processes, and the',
    'properties below are held afterwards: from the database through a read-only connection, from the event log, and',
    'from the process table. A look that saw nothing is not counted as a pass.',
    '',
    `${report.at.slice(0, 10)}, seed ${seed}, ${form} trials, ${duration(report.seconds)}. ` +
      `${machine.cores} × ${machine.cpu}, ${machine.memoryGib} GiB, ${machine.system}, Node ${machine.node}, ` +
      `SQLite ${machine.sqlite}.`,
    '',
    '| | faults | trials | properties asserted | result | time |',
    '| --- | --- | --- | --- | --- | --- |',
    ...groups.map(summaryRow),
    '',
    '## Properties',
    '',
    '| | | asserted | things looked at |',
    '| --- | --- | --- | --- |',
    ...Object.keys(propertyTitles).map((name) => propertyRow(name as PropertyName, groups)),
    ...groups.flatMap(groupSection),
  ].join('\n')}\n`;
}

function trialsOf({ faults }: GroupResult): number {
  return faults.reduce((sum, { trials }) => sum + trials, 0);
}

function summaryRow(group: GroupResult): string {
  const asserted = Object.values(group.properties).reduce((sum, { times }) => sum + times, 0);
  return `| ${group.number} | ${group.title} | ${trialsOf(group)} | ${number(asserted)} | ${outcomeOf(group)} | ${duration(group.seconds)} |`;
}

function propertyRow(name: PropertyName, groups: readonly GroupResult[]): string {
  const sums = groups.reduce((sum, { properties }) => add(sum, properties[name]), {
    times: 0,
    looked: 0,
  } satisfies Assertions);
  return `| ${name} | ${propertyTitles[name]} | ${number(sums.times)} | ${number(sums.looked)} |`;
}

function add(sum: Assertions, more: Assertions | undefined): Assertions {
  return more === undefined ? sum : { times: sum.times + more.times, looked: sum.looked + more.looked };
}

function groupSection(group: GroupResult): string[] {
  const seen = Object.entries(group.seen).map(([what, count]) => `${what}: ${number(count)}`);
  const held = Object.entries(group.properties).map(([name, { times }]) => `${name} × ${number(times)}`);
  return [
    '',
    `## ${group.number} ${group.title}`,
    '',
    ...group.does.map((sentence) => `- ${sentence}`),
    '',
    '| fault | trials | time |',
    '| --- | --- | --- |',
    ...group.faults.map(({ fault, trials, seconds, notRun }) =>
      notRun === null
        ? `| ${fault} | ${number(trials)} | ${duration(seconds)} |`
        : `| ${fault} | not run: ${notRun} | |`,
    ),
    '',
    `Result: ${outcomeOf(group)}. Properties: ${held.join(', ') || 'none'}; ${number(group.expectations)} other expectations.`,
    ...(seen.length === 0 ? [] : [`Seen: ${seen.join('; ')}.`]),
    ...group.failures.flatMap(({ fault, number: trial, message, rerun }) => [
      '',
      `Failed: ${fault}, trial ${trial}. Again with \`${rerun}\`.`,
      '',
      ...message.split('\n').map((line) => `> ${line}`),
    ]),
  ];
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function duration(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
