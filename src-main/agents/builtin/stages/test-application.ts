import { openApplication } from '../calculator/application.ts';
import type { TestReport } from '../own-tests.ts';
import { runOwnTests } from '../own-tests.ts';
import { StageFailure } from '../stage-failure.ts';
import type { StageWork } from '../stage-work.ts';

/**
 * app/e2e_testing, feature/testing, bugfix/testing: runs the application's own tests.
 * Outputs: `tests`, `passed`, `skipped`, `failed` (counts), `coverage` (lines, percent with two digits), `durationMs`.
 * Throws when a test fails or is cancelled, with the names of the tests.
 */
export const testApplication: StageWork = async (context) => {
  const { report, children } = context;
  const { folder, specification } = await openApplication(context);
  await report.think(`I run the tests of ${specification.name} with coverage.`);
  const result = await report.action(
    { title: 'node --test with coverage', kind: 'execute', paths: [folder] },
    async (addOutput) => {
      const ran = await runOwnTests(children, folder);
      addOutput(`${ran.tests} tests, ${ran.passed} passed, ${ran.coverage.toFixed(2)} % of lines covered`);
      for (const { name, file, message } of ran.failures) {
        addOutput(`failed: ${name} (${file}): ${message}`);
      }
      const failed = Math.max(ran.tests - ran.passed - ran.skipped, ran.failures.length);
      if (failed > 0) {
        throw testsFailed(failed, ran);
      }
      return ran;
    },
  );
  const coverage = Math.round(result.coverage * 100) / 100;
  await report.say(
    `${result.passed} of ${result.tests} tests passed and none failed; ${coverage} % of lines are covered.`,
  );
  const { tests, passed, skipped, durationMs } = result;
  return { tests, passed, skipped, failed: 0, coverage, durationMs };
};

function testsFailed(failed: number, { tests, failures }: TestReport): StageFailure {
  const names = failures.slice(0, 10).map(({ name, message }) => `"${name}" (${message.split('\n')[0]})`);
  return new StageFailure({
    class: 'unknown',
    what: `${failed} of ${tests} tests failed`,
    why: names.join(', ') || 'tests were cancelled',
    remedy: 'Repair the application, for example with the workflow "bugfix", and retry the stage',
  });
}
