import { parseManifest } from './application.ts';
import { OPERATION_TABLE } from './application-files.ts';
import { applicationSource } from './application-source.ts';
import { applicationTests } from './application-tests.ts';
import type { ApplicationFiles, Finding } from './check-finding.ts';
import { errorIn, warningIn } from './check-finding.ts';
import { operationPath, operationTestPath } from './render-operation.ts';
import type { Specification } from './specification.ts';

/** Required files that are missing or empty. */
export function checkRequiredFiles(files: ApplicationFiles, { name, operations }: Specification): Finding[] {
  const required = [
    'package.json',
    'README.md',
    'SPEC.md',
    `bin/${name}.mjs`,
    OPERATION_TABLE,
    ...Object.keys(applicationSource),
    ...Object.keys(applicationTests(name)),
    ...operations.flatMap((operation) => [operationPath(operation), operationTestPath(operation)]),
  ];
  return required
    .filter((path) => (files.get(path) ?? '').trim() === '')
    .map((path) => errorIn(path, files.has(path) ? 'the file is empty' : 'the file is missing'));
}

/** JSON files that cannot be parsed. */
export function checkJson(files: ApplicationFiles): Finding[] {
  return [...files].flatMap(([path, text]) => {
    if (!path.endsWith('.json')) {
      return [];
    }
    try {
      JSON.parse(text);
      return [];
    } catch (error) {
      return [errorIn(path, error instanceof Error ? error.message : String(error))];
    }
  });
}

/** What does not belong in finished source: debugger statements, marks of an unresolved merge, open notes. */
export function checkLeftovers(files: ApplicationFiles): Finding[] {
  return [...files].flatMap(([path, text]) => {
    if (!path.endsWith('.mjs')) {
      return [];
    }
    const findings: Finding[] = [];
    if (/^\s*debugger\b/m.test(text)) {
      findings.push(errorIn(path, 'a debugger statement was left behind'));
    }
    if (/^(<{7} |>{7} |={7}$)/m.test(text)) {
      findings.push(errorIn(path, 'a merge was not resolved'));
    }
    if (path.startsWith('src/operations/') && /\bconsole\./.test(text)) {
      findings.push(warningIn(path, 'an operation prints to the console'));
    }
    return findings;
  });
}

/** Fields of `package.json` that are missing or do not fit the specification. */
export function checkManifest(files: ApplicationFiles, { name }: Specification): Finding[] {
  const manifest = parseManifest(files.get('package.json') ?? '');
  if (manifest === undefined) {
    return [errorIn('package.json', 'it needs a version x.y.z and the list of its files')];
  }
  const expected: readonly (readonly [string, boolean])[] = [
    ['name must be the name in the specification', manifest.name === name],
    ['type must be "module"', manifest.type === 'module'],
    ['bin must name the program', hasText(manifest.bin, name)],
    ['scripts must have a test', hasText(manifest.scripts, 'test')],
    ['engines must name the Node.js version', hasText(manifest.engines, 'node')],
  ];
  const errors = expected.filter(([, fits]) => !fits).map(([message]) => errorIn('package.json', message));
  const described = typeof manifest.description === 'string' && manifest.description !== '';
  return described ? errors : [...errors, warningIn('package.json', 'a description is missing')];
}

function hasText(record: unknown, key: string): boolean {
  return typeof record === 'object' && record !== null && typeof (record as Record<string, unknown>)[key] === 'string';
}
