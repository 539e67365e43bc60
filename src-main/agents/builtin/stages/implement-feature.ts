import type { Application } from '../calculator/application.ts';
import { openApplication, parseManifest, readManifest, renderManifest } from '../calculator/application.ts';
import { renderOperations, renderReadme } from '../calculator/application-files.ts';
import { nextVersion } from '../calculator/next-version.ts';
import { operationPath, operationTestPath } from '../calculator/render-operation.ts';
import {
  parseSpecification,
  renderSpecification,
  renderSpecificationDocument,
  SPECIFICATION_FILE,
} from '../calculator/specification.ts';
import { GitRepository } from '../git-repository.ts';
import type { StageWork } from '../stage-work.ts';
import { writeFiles } from '../write-files.ts';
import { operationInput } from './prepare-repository.ts';

/**
 * feature/implementation: adds the operation with its tests; the command line and the server find it in the table.
 * Outputs: `folder`, `operation`, `files` (paths that belong to the change), `version`, `commit`.
 */
export const implementFeature: StageWork = async (context) => {
  const { report, children } = context;
  const operation = operationInput(context);
  const application = await openApplication(context);
  const { folder } = application;
  const repository = new GitRepository(folder, children);
  const manifest = await readManifest(folder);
  const version = await versionWith(operation, repository, manifest.version);
  await report.think(
    `I add ${operation} with its tests, list it in the table of operations, and raise the version to ${version}.`,
  );

  const files = renderChange(operation, application);
  files['package.json'] = renderManifest({ ...manifest, version });
  const paths = Object.keys(files);
  await writeFiles(context, `Add the operation ${operation}`, folder, files);
  const commit = await report.action(
    { title: `Commit ${operation}`, kind: 'execute', paths: [folder] },
    async (addOutput) => {
      const id = await repository.commit(paths, `Add the operation ${operation}`);
      addOutput(`commit ${id}`);
      return id;
    },
  );
  await report.say(`${application.specification.name} ${version} has the operation ${operation}.`);
  return { folder, operation, files: paths, version, commit };
};

/** Files of the change. Other operations' files are not rewritten: a person may have changed them. */
function renderChange(operation: string, { specification }: Application): Record<string, string> {
  const operations = [...new Set([...specification.operations, operation])];
  const changed = { ...specification, operations };
  const rendered = Object.entries(renderOperations(operations));
  const others = specification.operations.filter((name) => name !== operation);
  const untouched = new Set(others.flatMap((name) => [operationPath(name), operationTestPath(name)]));
  return {
    ...Object.fromEntries(rendered.filter(([path]) => !untouched.has(path))),
    'README.md': renderReadme(changed),
    'SPEC.md': renderSpecificationDocument(changed),
    [SPECIFICATION_FILE]: renderSpecification(changed),
  };
}

/** The version with the change. Judged by what is committed, so that a repeated attempt does not raise it twice. */
async function versionWith(operation: string, repository: GitRepository, current: string): Promise<string> {
  const version = parseManifest(await repository.committed('package.json'))?.version ?? current;
  const specification = parseSpecification(await repository.committed(SPECIFICATION_FILE));
  return specification?.operations.includes(operation) ? version : nextVersion(version, 'minor');
}
