import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { create, extract } from 'tar';
import type { Application, Manifest } from './calculator/application.ts';
import { readManifest } from './calculator/application.ts';
import { StageFailure } from './stage-failure.ts';
import { isMissing, writeAtomically } from './write-atomically.ts';

/** Folder at the top of every release archive, the one that npm expects. */
const ARCHIVE_FOLDER = 'package';

/** A packed release. `checksum` is the SHA-256 of the archive in hexadecimal digits. */
export interface Release {
  readonly version: string;
  readonly archive: string;
  readonly checksum: string;
  readonly files: readonly string[];
}

/**
 * Packs what `package.json` lists under `files` into the existing `folder` as `<name>-<version>.tgz`, next to a `.sha256` file.
 * The same content gives the same bytes: entries are sorted and carry no times or owners.
 */
export async function packRelease({ folder: root, specification }: Application, folder: string): Promise<Release> {
  const manifest = await readManifest(root);
  const files = await releaseFiles(root, manifest);
  const archive = join(folder, `${specification.name}-${manifest.version}.tgz`);
  const temporary = `${archive}.${process.pid}.tmp`;
  const options = {
    file: temporary,
    cwd: root,
    prefix: ARCHIVE_FOLDER,
    gzip: true,
    portable: true,
    mtime: new Date(0),
    noDirRecurse: true,
  };
  await create(options, files);
  const checksum = await checksumOf(temporary);
  await rename(temporary, archive);
  await writeAtomically(`${archive}.sha256`, `${checksum}  ${specification.name}-${manifest.version}.tgz\n`);
  return { version: manifest.version, archive, checksum, files };
}

/** Unpacks a release into an empty new folder, after comparing its bytes with its checksum. Throws when they differ. */
export async function unpackRelease({ archive, checksum }: Release, folder: string): Promise<void> {
  const actual = await checksumOf(archive);
  if (actual !== checksum) {
    throw new StageFailure({
      class: 'transient',
      what: `The release ${archive} is damaged`,
      why: `its checksum is ${actual}, not ${checksum}`,
      remedy: 'Retry the stage: it packs the release anew',
    });
  }
  await mkdir(folder, { recursive: true });
  await extract({ file: archive, cwd: folder, strip: 1, strict: true });
}

/** SHA-256 of a file in hexadecimal digits. */
async function checksumOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

async function releaseFiles(root: string, manifest: Manifest): Promise<string[]> {
  const files = new Set(['package.json']);
  for (const path of manifest.files) {
    for (const file of await filesBelow(root, path)) {
      files.add(file);
    }
  }
  return [...files].sort();
}

/** The path itself when it is a file, the files below it when it is a folder, nothing when it does not exist. */
async function filesBelow(root: string, path: string): Promise<string[]> {
  try {
    const absolute = join(root, path);
    if ((await stat(absolute)).isFile()) {
      return [path];
    }
    const entries = await readdir(absolute, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => `${path}${join(entry.parentPath, entry.name).slice(absolute.length)}`);
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    throw error;
  }
}

/** Removes archives that a killed attempt left half written in `folder`. */
export async function removeUnfinishedArchives(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (/\.\d+\.tmp$/.test(name)) {
      await rm(join(folder, name), { force: true });
    }
  }
}
