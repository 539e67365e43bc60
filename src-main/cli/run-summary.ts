import { isAbsolute } from 'node:path';
import type { Run } from '../contract/run.ts';
import type { Json } from '../contract/values.ts';
import type { Paint } from './paint.ts';
import { cell, lookOf } from './paint.ts';
import { plainText } from './safe-text.ts';
import { renderTable } from './table.ts';
import { durationWords } from './time-words.ts';

/** What came out of a run: its result, its gates, and where its product is. */
export function summarizeRun(run: Run, paint: Paint, width: number): string[] {
  return [
    resultLine(run, paint),
    ...failureLines(run, paint),
    ...section('gates', gateLines(run, paint, width), paint),
    ...section('product', productLines(run, paint, width), paint),
  ];
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : ['', paint('strong', title), ...lines];
}

function resultLine(run: Run, paint: Paint): string {
  const { mark, tone } = lookOf(run.state);
  const time = run.endedAt === null ? '' : ` in ${durationWords(run.endedAt - (run.startedAt ?? run.createdAt))}`;
  const why = run.state === 'cancelled' && run.cancelReason !== null ? `: ${plainText(run.cancelReason)}` : '';
  return `${paint(tone, `${mark} ${run.workflow} ${run.state}`)}${time}${why}  ${paint('muted', run.id)}`;
}

function failureLines(run: Run, paint: Paint): string[] {
  const failed = run.stages.filter(({ failure }) => failure !== null);
  const lines = failed.flatMap(({ name, failure, tolerated }) => [
    `  ${paint('bad', `${name}: ${plainText(failure?.message ?? '')}`)}${tolerated ? ' (tolerated)' : ''}`,
    ...(failure?.remedy === undefined ? [] : [`    ${plainText(failure.remedy)}`]),
  ]);
  if (lines.length > 0 || run.failure === null) return lines;
  return [`  ${paint('bad', plainText(run.failure.message))}`];
}

function gateLines(run: Run, paint: Paint, width: number): string[] {
  const rows = run.stages.flatMap((stage) =>
    stage.gates.map((gate) => {
      const failed = gate.level === 'blocking' ? 'failed' : 'warning';
      const look = lookOf(gate.passed ? 'completed' : failed);
      return [
        { text: look.mark, tone: look.tone },
        cell(gate.name),
        cell(String(gate.actual ?? 'nothing'), 'strong'),
        cell(stage.name, 'muted'),
        cell(gate.level === 'warning' ? 'warning only' : '', 'muted'),
      ];
    }),
  );
  const columns = [{ title: '' }, { title: 'gate', flexible: true }, { title: '' }, { title: '' }, { title: '' }];
  return renderTable({ columns, rows, paint, width, indent: 2, titled: false });
}

/** The run's folder, and what its stages say lies in it. */
function productLines(run: Run, paint: Paint, width: number): string[] {
  const found = new Map<string, string>();
  for (const stage of run.stages) {
    for (const [name, value] of Object.entries(stage.outputs ?? {})) {
      if (isPathIn(run.folder, value) && !found.has(value)) found.set(value, name);
    }
  }
  const rows = [...found].map(([path, name]) => [cell(name, 'muted'), cell(path)]);
  const all = [[cell('working folder', 'muted'), cell(run.folder)], ...rows];
  return renderTable({ columns: [{ title: '' }, { title: '' }], rows: all, paint, width, indent: 2, titled: false });
}

function isPathIn(folder: string, value: Json): value is string {
  return typeof value === 'string' && isAbsolute(value) && value.startsWith(folder) && value !== folder;
}
