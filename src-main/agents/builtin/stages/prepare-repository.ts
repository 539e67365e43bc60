import type { Application } from '../calculator/application.ts';
import { applicationFolder, openApplication } from '../calculator/application.ts';
import { findRecipe, knownOperations } from '../calculator/operation-catalogue.ts';
import { GitRepository } from '../git-repository.ts';
import { fatal } from '../stage-failure.ts';
import type { StageContext, StageWork } from '../stage-work.ts';

/**
 * feature/initialization: checks the repository and goes to the branch `feature/<operation>`.
 * Outputs: `folder`, `operation`, `operations` (those that exist already), `branch`, `commit`.
 */
export const prepareFeature: StageWork = async (context) => {
  const { report, children } = context;
  const operation = operationInput(context);
  const { folder, specification } = await openRepository(context);
  const branch = `feature/${operation}`;
  await report.think(`I add ${operation} to ${specification.name} on the branch ${branch}.`);
  const repository = new GitRepository(folder, children);
  if (specification.operations.includes(operation) && (await repository.branch()) !== branch) {
    throw fatal(
      `${specification.name} has the operation ${operation} already`,
      `it is in its specification`,
      'Choose another operation',
    );
  }
  const commit = await report.action(
    { title: `Go to the branch ${branch}`, kind: 'execute', paths: [folder] },
    async (addOutput) => {
      await repository.switchTo(branch);
      const id = await repository.head();
      addOutput(`on ${branch} at ${id}`);
      return id;
    },
  );
  await report.say(`The repository is ready for ${operation}.`);
  return { folder, operation, operations: specification.operations, branch, commit };
};

/**
 * bugfix/initialization: checks the repository and stays on its branch, because the fault may not be committed.
 * Outputs: `folder`, `operations`, `branch`, `commit`.
 */
export const prepareBugfix: StageWork = async (context) => {
  const { report, children } = context;
  await report.think('I check that the repository holds a calculator application that I know.');
  const { folder, specification } = await openRepository(context);
  const repository = new GitRepository(folder, children);
  const [branch, commit] = [await repository.branch(), await repository.head()];
  await report.say(
    `${specification.name} is on ${branch || 'no branch'} with ${specification.operations.length} operations.`,
  );
  return { folder, operations: specification.operations, branch, commit };
};

/**
 * The `operation` input of the workflow "feature".
 * Throws a fatal `StageFailure` for one that has no recipe.
 */
export function operationInput({ task }: StageContext): string {
  const operation = task.inputs.operation;
  if (typeof operation !== 'string' || findRecipe(operation) === undefined) {
    throw fatal(
      `The operation ${JSON.stringify(operation)} cannot be added`,
      `the built-in agent knows only ${knownOperations().join(', ')}`,
      'Choose one of these, or point the stage "implementation" at a real AI agent',
    );
  }
  return operation;
}

async function openRepository(context: StageContext): Promise<Application> {
  const folder = applicationFolder(context);
  return context.report.action({ title: 'Check the repository', kind: 'read', paths: [folder] }, async (addOutput) => {
    const application = await openApplication(context);
    if (!(await new GitRepository(folder, context.children).isRepository())) {
      throw fatal(
        `${folder} is not a git repository`,
        'its history could not be read',
        'Give the folder of an application that the workflow "app" made',
      );
    }
    addOutput(`${application.specification.name}: ${application.specification.operations.join(', ')}`);
    return application;
  });
}
