import { openApplication } from '../calculator/application.ts';
import type { OperationFault } from '../operation-probe.ts';
import { probeOperation } from '../operation-probe.ts';
import type { FailedTest } from '../own-tests.ts';
import { runOwnTests } from '../own-tests.ts';
import type { StageFailure } from '../stage-failure.ts';
import { fatal } from '../stage-failure.ts';
import type { StageContext, StageWork } from '../stage-work.ts';

/**
 * bugfix/debugging: runs the tests, then calls each operation with the examples known for it, and names the first
 * operation that answers wrongly; operations that the input `description` mentions are called first.
 * Outputs: `operation`, `file` (path inside the application), `values`, `expected`, `actual` (texts),
 * `failingTests` (names). Throws when no operation answers wrongly.
 */
export const debugApplication: StageWork = async (context) => {
  const { report, children } = context;
  const { folder, specification } = await openApplication(context);
  await report.think('I run the tests, then compare every operation with the answers it must give.');
  const failures = await report.action(
    { title: 'node --test', kind: 'execute', paths: [folder] },
    async (addOutput) => {
      const ran = await runOwnTests(children, folder);
      addOutput(`${ran.tests} tests, ${ran.failures.length} failed`);
      for (const { name, message } of ran.failures) {
        addOutput(`failed: ${name}: ${message}`);
      }
      return ran.failures;
    },
  );
  const fault = await findFault(context, folder, mentionedFirst(context, specification.operations));
  if (fault === undefined) {
    throw nothingFound(failures);
  }
  await report.say(`${describe(fault)} The fault is in ${fault.file}.`);
  return { ...fault, failingTests: failures.map(({ name }) => name) };
};

function mentionedFirst({ task }: StageContext, operations: readonly string[]): string[] {
  const description = String(task.inputs.description ?? '').toLowerCase();
  const mentioned = operations.filter((operation) => description.includes(operation.toLowerCase()));
  return [...new Set([...mentioned, ...operations])];
}

async function findFault(
  { report, children }: StageContext,
  folder: string,
  operations: readonly string[],
): Promise<OperationFault | undefined> {
  return report.action(
    { title: `Call ${operations.length} operations`, kind: 'execute', paths: [folder] },
    async (addOutput) => {
      for (const operation of operations) {
        const fault = await probeOperation(children, folder, operation);
        addOutput(fault === undefined ? `${operation} answers as it should` : describe(fault));
        if (fault !== undefined) {
          return fault;
        }
      }
      return undefined;
    },
  );
}

function describe({ operation, values, expected, actual }: OperationFault): string {
  return `${[operation, ...values].join(' ')} should be ${expected} but is ${actual}.`;
}

function nothingFound(failures: readonly FailedTest[]): StageFailure {
  if (failures.length === 0) {
    return fatal(
      'No failing operation found',
      'every test passes and every operation answers as it should',
      'Describe the fault as a failing test in the repository, or point the stage "debugging" at a real AI agent',
    );
  }
  const names = failures.slice(0, 10).map(({ name }) => `"${name}"`);
  return fatal(
    'No failing operation found',
    `every operation answers as it should, so the failing tests (${names.join(', ')}) show a fault elsewhere`,
    'Point the stages "debugging" and "fixing" at a real AI agent',
  );
}
