import { relative } from 'node:path';
import { z } from 'zod';
import type { ChildProcesses } from './child-processes.ts';
import { StageFailure } from './stage-failure.ts';

/** Longest time of one test, in ms: a test that hangs must not hold the stage. */
const TEST_TIMEOUT_MS = 15_000;
const RUN_TIMEOUT_MS = 120_000;

/**
 * A reporter for Node's test runner that prints one JSON object per line: failures, coverage, summary.
 * It travels as a data address, so that it works from a bundle and leaves no file.
 */
const REPORTER = `data:text/javascript,${encodeURIComponent(`
export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type === 'test:fail' && data.details.error?.failureType !== 'subtestsFailed') {
      const error = data.details.error?.cause ?? data.details.error;
      yield JSON.stringify({ type, name: data.name, file: data.file, message: String(error?.message ?? error) }) + '\\n';
    } else if (type === 'test:coverage') {
      yield JSON.stringify({ type, coverage: data.summary.totals.coveredLinePercent }) + '\\n';
    } else if (type === 'test:summary' && data.file === undefined) {
      yield JSON.stringify({ type, tests: data.counts.tests, passed: data.counts.passed, skipped: data.counts.skipped + data.counts.todo, durationMs: data.duration_ms }) + '\\n';
    }
  }
}
`)}`;

const reportLineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('test:fail'), name: z.string(), file: z.string().optional(), message: z.string() }),
  z.object({ type: z.literal('test:coverage'), coverage: z.number() }),
  z.object({
    type: z.literal('test:summary'),
    tests: z.number(),
    passed: z.number(),
    skipped: z.number(),
    durationMs: z.number(),
  }),
]);

/** One test that failed; `file` is a path inside the application. */
export interface FailedTest {
  readonly name: string;
  readonly file: string;
  readonly message: string;
}

/** What a run of an application's own tests showed. `coverage` is the share of covered lines in percent. */
export interface TestReport {
  readonly tests: number;
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly FailedTest[];
  readonly coverage: number;
  readonly durationMs: number;
}

/**
 * Runs the tests of the application in `folder` with coverage. Failing tests are part of the report.
 * Throws a `StageFailure` when the run gives no report, which includes a run without any test.
 */
export async function runOwnTests(children: ChildProcesses, folder: string): Promise<TestReport> {
  const args = [
    '--test',
    '--experimental-test-coverage',
    `--test-timeout=${TEST_TIMEOUT_MS}`,
    `--test-reporter=${REPORTER}`,
  ];
  const { stdout, stderr } = await children.run(process.execPath, args, { cwd: folder, timeoutMs: RUN_TIMEOUT_MS });
  const lines = stdout.split('\n').flatMap(parseLine);
  const summary = lines.find((line) => line.type === 'test:summary');
  if (summary === undefined || summary.tests === 0) {
    throw new StageFailure({
      class: 'unknown',
      what: 'The tests of the application could not be judged',
      why:
        summary === undefined ? `the test runner gave no summary (${stderr.trim().slice(-300)})` : 'no test was found',
      remedy: 'Check that the application has its tests in the folder "test"',
    });
  }
  return {
    tests: summary.tests,
    passed: summary.passed,
    skipped: summary.skipped,
    failures: lines
      .filter((line) => line.type === 'test:fail')
      .map(({ name, file = folder, message }) => ({
        name: relativeName(folder, name),
        file: relative(folder, file),
        message,
      })),
    coverage: lines.find((line) => line.type === 'test:coverage')?.coverage ?? 0,
    durationMs: Math.round(summary.durationMs),
  };
}

function parseLine(line: string): z.infer<typeof reportLineSchema>[] {
  if (!line.startsWith('{')) {
    return [];
  }
  return [reportLineSchema.parse(JSON.parse(line))];
}

/** A file that cannot be loaded fails under its path as the name. */
function relativeName(folder: string, name: string): string {
  return name.startsWith(folder) ? relative(folder, name) : name;
}
