import { mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Release } from './release-archive.ts';
import { unpackRelease } from './release-archive.ts';
import { readIfPresent, writeAtomically } from './write-atomically.ts';

const RECORD = 'release.json';
const UNFINISHED = /\.(partial|replaced)-\d+$/;

/**
 * The local environment of a workspace: `releases/<version>` folders and `current`, a link to the one in use.
 * Nobody ever sees a half-installed release: a release is unpacked beside its place, checked, then moved there,
 * and `current` changes in one rename.
 */
export class LocalEnvironment {
  /** Absolute path of the environment's folder. */
  readonly folder: string;

  constructor(workspace: string) {
    this.folder = join(workspace, 'environments', 'local');
  }

  /**
   * Installs a release and returns its folder. `check` sees the unpacked release before anything refers to it,
   * and refuses it by throwing. A release that is installed already, byte for byte, is only checked.
   */
  async install(release: Release, check: (folder: string) => Promise<void>): Promise<string> {
    const releases = join(this.folder, 'releases');
    await mkdir(releases, { recursive: true });
    await removeUnfinished(releases);
    const place = join(releases, release.version);
    if (await isInstalled(place, release)) {
      await check(place);
      return place;
    }
    const unpacked = `${place}.partial-${process.pid}`;
    await unpackRelease(release, unpacked);
    await check(unpacked);
    const record = { version: release.version, checksum: release.checksum };
    await writeAtomically(join(unpacked, RECORD), `${JSON.stringify(record, null, 2)}\n`);
    const replaced = `${place}.replaced-${process.pid}`;
    await rename(place, replaced).catch(() => undefined); // nothing to replace is the usual case
    await rename(unpacked, place);
    await rm(replaced, { recursive: true, force: true });
    return place;
  }

  /** Makes an installed release the current one and returns the path of the link. */
  async switchTo(place: string): Promise<string> {
    const link = join(this.folder, 'current');
    const fresh = `${link}.${process.pid}.tmp`;
    await rm(fresh, { force: true });
    if (process.platform === 'win32') {
      await symlink(place, fresh, 'junction');
      await rm(link, { force: true, recursive: true });
    } else {
      await symlink(join('releases', basename(place)), fresh);
    }
    await rename(fresh, link);
    return link;
  }

  /** Folder and version of the current release, undefined when nothing was deployed yet. */
  async current(): Promise<{ folder: string; version: string } | undefined> {
    const target = await readlink(join(this.folder, 'current')).catch(() => undefined);
    if (target === undefined) {
      return undefined;
    }
    const version = basename(target);
    return { folder: join(this.folder, 'releases', version), version };
  }
}

async function isInstalled(place: string, { checksum }: Release): Promise<boolean> {
  const record = await readIfPresent(join(place, RECORD));
  return record?.includes(`"${checksum}"`) ?? false;
}

/** Removes what killed attempts left half done; the lease sees to it that no other attempt is at work. */
async function removeUnfinished(releases: string): Promise<void> {
  for (const name of await readdir(releases)) {
    if (UNFINISHED.test(name)) {
      await rm(join(releases, name), { recursive: true, force: true });
    }
  }
}
