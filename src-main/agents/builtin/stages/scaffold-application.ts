import { openApplication } from '../calculator/application.ts';
import { FIRST_VERSION, renderApplication } from '../calculator/application-files.ts';
import { GitRepository } from '../git-repository.ts';
import type { StageWork } from '../stage-work.ts';
import { writeFiles } from '../write-files.ts';

/**
 * app/scaffolding: writes the application that the specification describes, and commits it.
 * Outputs: `folder`, `files` (paths inside it), `operations`, `version`, `commit`.
 */
export const scaffoldApplication: StageWork = async (context) => {
  const { report, children } = context;
  const { folder, specification } = await openApplication(context);
  const files = renderApplication(specification);
  const paths = Object.keys(files);
  await report.think(
    `I write ${paths.length} files: the operations, the command line, the HTTP server and their tests.`,
  );
  await writeFiles(context, `Write ${specification.name}`, folder, files);
  const commit = await report.action(
    { title: 'Commit the application', kind: 'execute', paths: [folder] },
    async (addOutput) => {
      const id = await new GitRepository(folder, children).commit(
        paths,
        `Write ${specification.name} with its command line, server and tests`,
      );
      addOutput(`commit ${id}`);
      return id;
    },
  );
  await report.say(
    `${specification.name} ${FIRST_VERSION} is written: ${paths.length} files, ${specification.operations.length} operations.`,
  );
  return { folder, files: paths, operations: specification.operations, version: FIRST_VERSION, commit };
};
