import { openApplication, parseManifest, readManifest, renderManifest } from '../calculator/application.ts';
import { nextVersion } from '../calculator/next-version.ts';
import { findRecipe } from '../calculator/operation-catalogue.ts';
import { operationPath, renderOperation } from '../calculator/render-operation.ts';
import { GitRepository } from '../git-repository.ts';
import { fatal } from '../stage-failure.ts';
import type { StageContext, StageWork } from '../stage-work.ts';
import { writeFiles } from '../write-files.ts';

/**
 * bugfix/fixing: puts the known-good source of the failing operation in place, and nothing else.
 * Outputs: `folder`, `operation`, `file`, `files`, `version`, `commit`. The version stays, and `commit` is the
 * current one, when the fault was never committed.
 */
export const repairOperation: StageWork = async (context) => {
  const { report, children } = context;
  const { folder } = await openApplication(context);
  const operation = operationFound(context);
  const recipe = findRecipe(operation);
  if (recipe === undefined) {
    throw fatal(
      `The operation ${operation} cannot be repaired`,
      'the built-in agent has no known-good source of it',
      'Point the stage "fixing" at a real AI agent',
    );
  }
  const file = operationPath(operation);
  const source = renderOperation(recipe);
  await report.think(`I replace ${file} by its known-good source.`);

  const repository = new GitRepository(folder, children);
  const manifest = await readManifest(folder);
  const version = await versionWith(repository, file, source, manifest.version);
  const files = { [file]: source, 'package.json': renderManifest({ ...manifest, version }) };
  await writeFiles(context, `Repair ${operation}`, folder, files);
  const commit = await report.action(
    { title: `Commit the repair of ${operation}`, kind: 'execute', paths: [folder] },
    async (addOutput) => {
      const id = await repository.commit(Object.keys(files), `Repair the operation ${operation}`);
      addOutput(`commit ${id}`);
      return id;
    },
  );
  await report.say(`${operation} is repaired in ${file}.`);
  return { folder, operation, file, files: Object.keys(files), version, commit };
};

function operationFound({ task }: StageContext): string {
  const debugging = task.outputs.debugging;
  const operation =
    typeof debugging === 'object' && debugging !== null && 'operation' in debugging ? debugging.operation : undefined;
  if (typeof operation !== 'string') {
    throw fatal(
      'There is nothing to repair',
      'the stage "debugging" named no operation',
      'Run the workflow from the stage "debugging"',
    );
  }
  return operation;
}

/** The version after the repair. Judged by what is committed, so that a repeated attempt does not raise it twice. */
async function versionWith(repository: GitRepository, file: string, source: string, current: string): Promise<string> {
  const committed = parseManifest(await repository.committed('package.json'))?.version ?? current;
  return (await repository.committed(file)) === source ? committed : nextVersion(committed, 'patch');
}
