import { openApplication } from '../calculator/application.ts';
import type { FailedTest } from '../own-tests.ts';
import { runOwnTests } from '../own-tests.ts';
import { StageFailure } from '../stage-failure.ts';
import type { StageWork } from '../stage-work.ts';

/**
 * app/e2e_testing, feature/testing, bugfix/testing: runs the application's own tests.
 * Outputs: `tests`, `passed`, `failed` (counts), `coverage` (lines, percent with two digits), `durationMs`.
 * Throws when a test fails, with the names of the tests.
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
      if (ran.failures.length > 0 || ran.passed < ran.tests) {
        throw testsFailed(ran.tests, ran.failures);
      }
      return ran;
    },
  );
  const coverage = Math.round(result.coverage * 100) / 100;
  await report.say(`All ${result.tests} tests passed; ${coverage} % of lines are covered.`);
  return { tests: result.tests, passed: result.passed, failed: 0, coverage, durationMs: result.durationMs };
};

function testsFailed(tests: number, failures: readonly FailedTest[]): StageFailure {
  const names = failures.slice(0, 10).map(({ name, message }) => `"${name}" (${message.split('\n')[0]})`);
  return new StageFailure({
    class: 'unknown',
    what: `${failures.length} of ${tests} tests failed`,
    why: names.join(', ') || 'tests were skipped or cancelled',
    remedy: 'Repair the application, for example with the workflow "bugfix", and retry the stage',
  });
}
