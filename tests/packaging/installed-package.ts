/** The npm package as somebody else has it: packed from this checkout, and installed into an empty folder. */
import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder, removeFolder } from '../support/temporary-folder.ts';

const root = join(import.meta.dirname, '../..');
const isWindows = process.platform === 'win32';
const execute = promisify(execFile);

/** What `npm pack` says of a package. */
interface Packed {
  readonly filename: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** Bytes of all files. */
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** An entry of a package-lock.json. */
interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly [field: string]: unknown;
}

/** What a finished command printed, and how it ended. */
interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** npm's own variables would tell the npm of the test where this checkout is; of the rest it needs its cache and its settings. */
function cleanEnvironment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|node_options$|init_cwd$)/i.test(name));
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  return { ...Object.fromEntries(kept), PATH };
}

/** Runs npm or npx to its end. @throws with what it printed when it fails. */
async function npm(command: 'npm' | 'npx', args: readonly string[], cwd: string): Promise<string> {
  const options = { cwd, env: cleanEnvironment(), shell: isWindows, maxBuffer: 2 ** 26, timeout: 200_000 };
  return (await execute(command, args, options)).stdout;
}

/**
 * A lock that gives the installation the very versions that this checkout has, so that it takes them from npm's cache
 * and changes only when they do.
 */
function lockFor(archive: string): { readonly manifest: object; readonly lock: object } {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  const { devDependencies, ...own } = packages[''] ?? {};
  const manifest = { dependencies: { signalbox: `file:${archive}` } };
  const needed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  const signalbox = { ...own, resolved: `file:${archive}` };
  const lock = {
    lockfileVersion: 3,
    requires: true,
    packages: { '': manifest, ...Object.fromEntries(needed), 'node_modules/signalbox': signalbox },
  };
  return { manifest, lock };
}

/** The package `signalbox`, installed. The caller removes it. */
export class InstalledPackage {
  readonly folder: string;
  readonly packed: Packed;
  /** Its data folder, which does not exist before the first command. */
  readonly data: string;

  private constructor(folder: string, packed: Packed) {
    this.folder = folder;
    this.packed = packed;
    this.data = join(folder, 'data');
  }

  /** Packs the checkout as it is built, and installs that. @throws when it is not built, or npm fails. */
  static async install(): Promise<InstalledPackage> {
    if (!existsSync(join(root, 'out/main/cli.js'))) throw new Error('There is nothing to pack: npm run build');
    const folder = makeFolder();
    const said = await npm('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
    const [packed] = JSON.parse(said) as Packed[];
    if (packed === undefined) throw new Error(`npm pack said: ${said}`);
    const { manifest, lock } = lockFor(packed.filename);
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    await npm('npm', ['ci', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
    mkdirSync(join(folder, 'elsewhere'));
    return new InstalledPackage(folder, packed);
  }

  /** Path of a file of the package. */
  path(inside: string): string {
    return join(this.folder, 'node_modules/signalbox', inside);
  }

  /** Asks npm or npx in the folder of the installation. */
  npm(command: 'npm' | 'npx', ...args: readonly string[]): Promise<string> {
    return npm(command, args, this.folder);
  }

  /** Starts the command as a shell would, from a folder that has nothing to do with it. */
  start(args: readonly string[], nodeOptions: readonly string[] = []): ChildProcess {
    const bin = join(this.folder, 'node_modules/.bin/signalbox');
    const isLinked = nodeOptions.length === 0 && !isWindows;
    const [program, first] = isLinked
      ? [bin, []]
      : [process.execPath, [...nodeOptions, this.path('bin/signalbox.mjs')]];
    const { PATH = '', SystemRoot } = cleanEnvironment();
    return spawn(program, [...first, ...args], {
      cwd: join(this.folder, 'elsewhere'),
      // R41: nothing of the environment is needed but where programs are.
      env: { PATH, SIGNALBOX_DATA: this.data, ...(SystemRoot === undefined ? {} : { SystemRoot }) },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 110_000,
      killSignal: 'SIGKILL',
    });
  }

  /** Runs the command to its end. */
  async run(args: readonly string[], nodeOptions?: readonly string[]): Promise<Ended> {
    const child = this.start(args, nodeOptions);
    const printed = { out: '', err: '' };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed.out += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      printed.err += text;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, ...printed };
  }

  remove(): void {
    removeFolder(this.folder);
  }
}
