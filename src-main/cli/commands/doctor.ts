import type { Finding } from '../../contract/api-engine.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { count } from '../other-work.ts';
import type { Cell, Paint } from '../paint.ts';
import { cell, createPaint, stateCell } from '../paint.ts';
import { exitCodes, expectOk, RefusedError } from '../refused.ts';
import { plainText, safeJson } from '../safe-text.ts';
import { renderTable } from '../table.ts';

/** `signalbox doctor`: checks everything, changes nothing. Exit code 1 when something is broken. */
export async function runDoctor(context: CliContext, options: CommonOptions): Promise<number> {
  const machine = await context.checkMachine(options);
  const isHopeless = machine.some(({ check, status }) => status === 'broken' && check !== 'disk');
  const findings = isHopeless ? machine : withEngine(machine, await checkStore(context, options));
  const broken = findings.filter(({ status }) => status === 'broken').length;
  if (options.json === true) context.terminal.printRaw(`${safeJson({ findings })}\n`);
  else for (const line of doctorLines(context, findings, broken)) context.terminal.print(line);
  return broken > 0 ? exitCodes.failed : exitCodes.done;
}

/** An engine looks at its machine too; what was looked at here, without needing an engine, is said once. */
function withEngine(machine: readonly Finding[], engine: readonly Finding[]): readonly Finding[] {
  const known = new Set(machine.map(({ check }) => check));
  return [...machine, ...engine.filter(({ check }) => !known.has(check))];
}

async function checkStore(context: CliContext, options: CommonOptions): Promise<readonly Finding[]> {
  try {
    const reached = await context.reach('idle', options);
    try {
      const { findings } = expectOk(await reached.client.runDoctor({}));
      return findings.length > 0 ? findings : [{ check: 'database', status: 'ok', detail: 'opens', remedy: null }];
    } finally {
      await reached.close();
    }
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const { message, remedy } = error.apiError;
    return [{ check: 'database', status: 'broken', detail: message, remedy }];
  }
}

function doctorLines({ terminal }: CliContext, findings: readonly Finding[], broken: number): string[] {
  const paint = createPaint(terminal.colour);
  const rows = findings.map(({ check, status, detail }): Cell[] => [
    stateCell(status),
    cell(check, 'strong'),
    cell(detail),
  ]);
  const columns = [{ title: '' }, { title: '' }, { title: '' }];
  const table = renderTable({ columns, rows, paint, width: Number.POSITIVE_INFINITY, titled: false });
  const lines = findings.flatMap((finding, index) => [table[index] ?? '', ...remedyLines(finding, paint)]);
  const warnings = findings.filter(({ status }) => status === 'warning').length;
  return [...lines, '', verdict(broken, warnings, paint)];
}

function remedyLines({ remedy }: Finding, paint: Paint): string[] {
  return remedy === null ? [] : [`  ${paint('muted', `→ ${plainText(remedy)}`)}`];
}

function verdict(broken: number, warnings: number, paint: Paint): string {
  if (broken > 0) return paint('bad', `${count(broken, 'thing')} broken.`);
  if (warnings > 0) return paint('attention', `Everything works; ${count(warnings, 'warning')}.`);
  return paint('good', 'Everything works.');
}
