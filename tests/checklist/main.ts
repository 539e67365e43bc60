/**
 * `npm run checklist`: every behaviour of `behaviours.md`, the test that shows it, and its result. Runs the tests it
 * names, unless `--report FILE` gives what vitest's JSON reporter wrote. Ends with 1 when a test failed or is missing.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { parseArgs } from 'node:util';
import type { CheckedLine, TestResult } from './check-lines.ts';
import { checkLines } from './check-lines.ts';
import { sections } from './lines.ts';

/** The parts of vitest's JSON report that are read. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

const root = join(import.meta.dirname, '../..');

function runTests(files: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-checklist-'));
  try {
    const report = join(folder, 'report.json');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const args = [vitest, 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`, ...files];
    spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    return readFileSync(report, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readResults(text: string): TestResult[] {
  const { testResults } = JSON.parse(text) as Report;
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ title, status }) => ({
      file: relative(root, name).replaceAll(sep, '/'),
      title,
      passed: status === 'passed',
    })),
  );
}

function print(checked: readonly CheckedLine[]): void {
  let section = '';
  for (const { section: name, line, result } of checked) {
    if (name !== section) console.log(`\n${name}`);
    section = name;
    const proof = 'open' in line ? line.open : `${line.file}: ${line.title}`;
    console.log(`  ${result.padEnd(7)} ${line.text}\n          ${proof}`);
  }
  const count = (result: CheckedLine['result']) => checked.filter((one) => one.result === result).length;
  const totals = (['passed', 'failed', 'missing', 'open'] as const).map((result) => `${count(result)} ${result}`);
  console.log(`\n${checked.length} behaviours: ${totals.join(', ')}`);
}

const { values } = parseArgs({ options: { report: { type: 'string' } } });
const lines = sections.flatMap((section) => section.lines);
const files = [...new Set(lines.flatMap((line) => ('file' in line ? line.file : [])))];
const report = values.report === undefined ? runTests(files) : readFileSync(values.report, 'utf8');
const checked = checkLines(sections, readResults(report));
print(checked);
process.exitCode = checked.some(({ result }) => result === 'failed' || result === 'missing') ? 1 : 0;
