import { resolve } from 'node:path';
import type { ApiOutput } from '../../contract/api.ts';
import type { Problem } from '../../contract/errors.ts';
import { settingsSchema } from '../../contract/settings.ts';
import { checkSettingsFile } from '../../engine/settings-check.ts';
import { renderSettingsSchema } from '../../engine/settings-json-schema.ts';
import { answer } from '../answer.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import type { Cell, Paint } from '../paint.ts';
import { cell, createPaint } from '../paint.ts';
import { problemLines } from '../problem-lines.ts';
import { badInput, exitCodes, expectOk } from '../refused.ts';
import { plainText, safeJson } from '../safe-text.ts';
import { renderTable } from '../table.ts';

type View = ApiOutput<'getSettings'>;

/** `signalbox settings show`: exit code 2 while the file has faults. */
export function showSettings(context: CliContext, options: CommonOptions): Promise<number> {
  return answer(
    context,
    options,
    async (client) => expectOk(await client.getSettings({})),
    (view) => viewLines(context, view),
    ({ problem }) => (problem === null ? exitCodes.done : exitCodes.badInput),
  );
}

function viewLines({ terminal }: CliContext, view: View): string[] {
  const paint = createPaint(terminal.colour);
  const { $schema: _schema, version: _version, ...sections } = view.settings;
  const rows = rowsOf(sections, settingsSchema.parse({}), '').map(({ key, value, usual }): Cell[] => {
    const isWaiting = view.restartSections.includes(key.split('.')[0] ?? '');
    const note = isWaiting ? cell('once the engine was started again', 'attention') : cell('');
    return [cell(key), cell(value, value === usual ? 'muted' : 'strong'), note];
  });
  const columns = [{ title: 'setting' }, { title: 'value', flexible: true }, { title: '' }];
  return [
    paint('muted', plainText(view.path)),
    ...renderTable({ columns, rows, paint, width: terminal.columns }),
    ...(view.problem === null ? [] : ['', ...faultLines(view.problem, view.path, paint)]),
  ];
}

function faultLines({ message, remedy, problems }: NonNullable<View['problem']>, path: string, paint: Paint): string[] {
  const faults =
    problems === undefined ? [`${paint('bad', '✗')} ${plainText(message)}`] : problemLines(problems, path, paint);
  return [...faults, 'The settings that were good last hold.', `  ${paint('muted', `→ ${plainText(remedy)}`)}`];
}

/** Every setting by its dotted name; objects of the person's own keys are one value. */
function rowsOf(value: object, usual: object, path: string): { key: string; value: string; usual: string }[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const key = path === '' ? name : `${path}.${name}`;
    const other = (usual as Readonly<Record<string, unknown>>)[name];
    if (isGroup(inner) && isGroup(other) && Object.keys(other).length > 0) return rowsOf(inner, other, key);
    return [{ key, value: JSON.stringify(inner), usual: JSON.stringify(other) }];
  });
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `signalbox settings check`: exit code 2 when the file has faults. Needs no engine. */
export async function checkSettings(
  context: CliContext,
  file: string | undefined,
  options: CommonOptions,
): Promise<number> {
  const { terminal, cwd } = context;
  const path = file === undefined ? await context.settingsPath(options) : resolve(cwd, file);
  const problems = expectOk(await checkSettingsFile(path));
  if (problems === null && file !== undefined) {
    throw badInput(`There is no settings file ${path}.`, 'Correct its name.');
  }
  const faults = problems ?? [];
  if (options.json === true) terminal.printRaw(`${safeJson({ path, problems: faults })}\n`);
  else for (const line of checkLines(path, problems, createPaint(terminal.colour))) terminal.print(line);
  return faults.length === 0 ? exitCodes.done : exitCodes.badInput;
}

function checkLines(path: string, problems: readonly Problem[] | null, paint: Paint): string[] {
  if (problems === null) return [`There is no ${plainText(path)}: the defaults hold.`];
  if (problems.length === 0) return [`${paint('good', '✓')} ${plainText(path)} is valid.`];
  return problemLines(problems, path, paint);
}

/** `signalbox settings schema`: for editors. */
export async function printSettingsSchema(
  { terminal }: CliContext,
  { project }: CommonOptions & { readonly project?: boolean },
): Promise<number> {
  terminal.printRaw(renderSettingsSchema(project === true ? 'project-settings.schema.json' : 'settings.schema.json'));
  return exitCodes.done;
}
