import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nameInput } from '../calculator/application.ts';
import { operationsAskedFor } from '../calculator/operation-catalogue.ts';
import {
  findSpecification,
  renderSpecification,
  renderSpecificationDocument,
  SPECIFICATION_FILE,
} from '../calculator/specification.ts';
import { GitRepository } from '../git-repository.ts';
import { fatal } from '../stage-failure.ts';
import type { StageContext, StageWork } from '../stage-work.ts';
import { writeFiles } from '../write-files.ts';

const OWN_ENTRIES = /^(\.git|\.gitignore|SPEC\.md|spec\.json)(\.\d+\.tmp)?$/;

/**
 * app/initialization: the application's folder, its repository and its specification.
 * Outputs: `folder` (absolute), `specification` (absolute path of SPEC.md), `operations` (names), `commit` (id).
 */
export const initializeApplication: StageWork = async (context) => {
  const { report, children, workspace } = context;
  const name = nameInput(context);
  const requirements = requirementsInput(context);
  const folder = join(workspace, name);
  const operations = operationsAskedFor(requirements);
  await report.think(
    `The requirements ask for ${operations.join(', ')}. I make the folder ${name}, its repository and its specification.`,
  );
  await refuseForeignFolder(folder);
  await mkdir(folder, { recursive: true });

  const specification = { kind: 'calculator' as const, name, requirements, operations };
  const files = {
    'SPEC.md': renderSpecificationDocument(specification),
    [SPECIFICATION_FILE]: renderSpecification(specification),
    '.gitignore': 'node_modules/\ncoverage/\n*.tmp\n',
  };
  await writeFiles(context, 'Write the specification', folder, files);
  const commit = await report.action(
    { title: 'Commit the specification', kind: 'execute', paths: [folder] },
    async (addOutput) => {
      const repository = new GitRepository(folder, children);
      await repository.init();
      const id = await repository.commit(Object.keys(files), `Specify ${name}`);
      addOutput(`commit ${id}`);
      return id;
    },
  );
  await report.say(`The workspace of ${name} is ready, with ${operations.length} operations specified.`);
  return { folder, specification: join(folder, 'SPEC.md'), operations, commit };
};

function requirementsInput({ task }: StageContext): string {
  const requirements = task.inputs.requirements;
  if (typeof requirements !== 'string' || requirements.trim() === '') {
    throw fatal(
      'The application cannot be specified',
      'requirements cannot be empty',
      'Start the run again and say what the calculator is to do',
    );
  }
  return requirements.trim();
}

/** A folder with files that no attempt of ours made is somebody's work: it is left alone. */
async function refuseForeignFolder(folder: string): Promise<void> {
  const entries = await readdir(folder).catch(() => []);
  const foreign = entries.filter((entry) => !OWN_ENTRIES.test(entry));
  if (foreign.length > 0 && (await findSpecification(folder)) === undefined) {
    throw fatal(
      `The folder ${folder} is in use`,
      `it holds other files (${foreign.slice(0, 5).join(', ')})`,
      'Choose another name, or empty the folder',
    );
  }
}
