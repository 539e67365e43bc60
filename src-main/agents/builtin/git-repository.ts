import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ChildProcesses, CommandResult } from './child-processes.ts';
import { StageFailure } from './stage-failure.ts';
import { isMissing } from './write-atomically.ts';

/**
 * Settings that make git do the same on every machine: a fixed author, no signing, no hooks,
 * no clean-up process that outlives the command.
 */
const SETTINGS = [
  'user.name=Signalbox',
  'user.email=signalbox@localhost',
  'commit.gpgSign=false',
  'core.autocrlf=false',
  'core.hooksPath=/dev/null',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

const ENVIRONMENT = { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };

/** Exists while one of our commands may hold git's own locks; left behind, it tells that those locks are ours. */
const MARKER = 'signalbox-at-work';

/** One git repository, changed so that an attempt may be killed and repeated at any moment. */
export class GitRepository {
  readonly #folder: string;
  readonly #children: ChildProcesses;

  constructor(folder: string, children: ChildProcesses) {
    this.#folder = folder;
    this.#children = children;
  }

  /** Makes the folder a repository on the branch `main`; does nothing to one that has commits. */
  async init(): Promise<void> {
    await mkdir(join(this.#folder, '.git'), { recursive: true });
    await this.#change(async () => {
      await this.#git('init', '--quiet', '--template=');
      if ((await this.head()) === undefined) {
        await this.#git('symbolic-ref', 'HEAD', 'refs/heads/main');
      }
    });
  }

  /** Id of the current commit, undefined before the first. */
  async head(): Promise<string | undefined> {
    const { exitCode, stdout } = await this.#try('rev-parse', '--verify', '--quiet', 'HEAD');
    return exitCode === 0 ? stdout.trim() : undefined;
  }

  /** Whether this folder is the top of a repository's work tree. */
  async isRepository(): Promise<boolean> {
    const { exitCode, stdout } = await this.#try('rev-parse', '--show-prefix');
    return exitCode === 0 && stdout.trim() === '';
  }

  /** Name of the current branch, empty when the work tree is on no branch. */
  async branch(): Promise<string> {
    return (await this.#try('symbolic-ref', '--quiet', '--short', 'HEAD')).stdout.trim();
  }

  /** Text of a committed file, empty when the current commit does not have it. */
  async committed(path: string): Promise<string> {
    const { exitCode, stdout } = await this.#try('show', `HEAD:${path}`);
    return exitCode === 0 ? stdout : '';
  }

  /** Goes to a branch; makes it at the current commit when there is none of that name. */
  async switchTo(branch: string): Promise<void> {
    if ((await this.branch()) === branch) {
      return;
    }
    const known = await this.#try('rev-parse', '--verify', '--quiet', `refs/heads/${branch}`);
    await this.#change(() => this.#git('checkout', '--quiet', ...(known.exitCode === 0 ? [branch] : ['-b', branch])));
  }

  /**
   * Commits exactly these paths, and nothing else that may have changed. Makes no commit when they are unchanged.
   * Returns the id of the commit that holds them.
   */
  async commit(paths: readonly string[], message: string): Promise<string> {
    await this.#change(async () => {
      await this.#git('add', '--', ...paths);
      const staged = await this.#try('diff', '--cached', '--quiet', '--', ...paths);
      if (staged.exitCode !== 0) {
        await this.#git('commit', '--quiet', '--no-verify', '-m', message, '--', ...paths);
      }
    });
    return (await this.#git('rev-parse', 'HEAD')).trim();
  }

  /** Runs changing commands under the marker, after removing the locks of an attempt that was killed. */
  async #change(work: () => Promise<unknown>): Promise<void> {
    const gitFolder = await findGitFolder(this.#folder);
    const marker = join(gitFolder, MARKER);
    const killedAt = await modifiedAt(marker);
    if (killedAt !== undefined) {
      await removeLocks(gitFolder, killedAt);
    }
    await writeFile(marker, '');
    try {
      await work();
    } catch (error) {
      if (error instanceof StageFailure) {
        await rm(marker, { force: true }); // git ended by itself and released its locks; after a cancellation it may not have
      }
      throw error;
    }
    await rm(marker, { force: true });
  }

  async #git(...args: string[]): Promise<string> {
    const result = await this.#try(...args);
    if (result.exitCode !== 0) {
      throw gitRefused(args, result);
    }
    return result.stdout;
  }

  #try(...args: string[]): Promise<CommandResult> {
    return this.#children.run('git', [...SETTINGS, ...args], { cwd: this.#folder, env: ENVIRONMENT });
  }
}

function gitRefused(args: readonly string[], { stderr }: CommandResult): StageFailure {
  const locked = stderr.includes('.lock');
  return new StageFailure({
    class: locked ? 'transient' : 'unknown',
    what: `git ${args[0]} did not work`,
    why: stderr.trim().split('\n').slice(0, 4).join(' ').slice(0, 500) || 'git gave no reason',
    remedy: locked
      ? 'Let the other git program end, or delete the lock file it left behind'
      : 'Mend the repository and retry the stage',
  });
}

/** The repository's own folder: `.git`, or what the file `.git` of a linked work tree points to. */
async function findGitFolder(folder: string): Promise<string> {
  const entry = join(folder, '.git');
  if ((await stat(entry)).isDirectory()) {
    return entry;
  }
  return resolve(folder, (await readFile(entry, 'utf8')).replace(/^gitdir:\s*/, '').trim());
}

async function modifiedAt(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Removes git's lock files that are not older than `since` (Unix time in ms): older ones are somebody else's. */
async function removeLocks(gitFolder: string, since: number): Promise<void> {
  await mkdir(join(gitFolder, 'refs'), { recursive: true });
  const references = (await readdir(join(gitFolder, 'refs'), { recursive: true })).map((name) => join('refs', name));
  const names = [...(await readdir(gitFolder)), ...references].filter((name) => name.endsWith('.lock'));
  for (const lock of names.map((name) => join(gitFolder, name))) {
    const lockedAt = await modifiedAt(lock);
    if (lockedAt !== undefined && lockedAt >= since) {
      await rm(lock, { force: true });
    }
  }
}
