import { join } from 'node:path';
import { openApplication } from '../calculator/application.ts';
import { LocalEnvironment } from '../local-environment.ts';
import { packRelease, removeUnfinishedArchives } from '../release-archive.ts';
import { StageFailure } from '../stage-failure.ts';
import type { StageContext, StageWork } from '../stage-work.ts';

/**
 * app, feature and bugfix/deployment: packs a release and installs it into the local environment of the workspace.
 * Outputs: `release` (absolute path of the archive), `checksum` (SHA-256, hexadecimal), `version`,
 * `environment` (absolute path), `current` (absolute path of the link to the release in use), `files` (count).
 */
export const deployRelease: StageWork = async (context) => {
  const { report, workspace } = context;
  const application = await openApplication(context);
  const { name } = application.specification;
  const environment = new LocalEnvironment(workspace);
  await report.think(`I pack ${name}, install it into the local environment and make it the current release.`);

  const archives = join(workspace, 'releases');
  const release = await report.action(
    { title: 'Pack the release', kind: 'execute', paths: [archives] },
    async (addOutput) => {
      await removeUnfinishedArchives(archives);
      const packed = await packRelease(application, archives);
      addOutput(`${packed.archive}: ${packed.files.length} files, SHA-256 ${packed.checksum}`);
      return packed;
    },
  );
  const current = await report.action(
    { title: `Install ${name} ${release.version}`, kind: 'execute', paths: [environment.folder] },
    async (addOutput) => {
      const place = await environment.install(release, (folder) => checkInstalled(context, folder, name));
      addOutput(`installed in ${place}`);
      return environment.switchTo(place);
    },
  );
  await report.say(`${name} ${release.version} is deployed.`);
  const { archive, checksum, version, files } = release;
  return { release: archive, checksum, version, environment: environment.folder, current, files: files.length };
};

/** The unpacked release must answer before anybody is sent to it. */
async function checkInstalled({ children }: StageContext, folder: string, name: string): Promise<void> {
  const { stdout, stderr } = await children.run(process.execPath, [join('bin', `${name}.mjs`), 'add', '2', '3'], {
    cwd: folder,
  });
  if (stdout.trim() !== '5') {
    throw new StageFailure({
      class: 'unknown',
      what: 'The release does not work after it was unpacked',
      why: `"add 2 3" printed ${JSON.stringify(stdout.trim())} ${stderr.trim().slice(0, 300)}`,
      remedy: 'Check which files package.json lists under "files", then retry the stage',
    });
  }
}
