import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockPath } from '../../../src-main/engine/engine-lock.ts';
import { databaseFile } from '../../../src-main/store/data-files.ts';
import { commandTask, RealEngine } from '../../support/real-engine.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import { snapshotOf } from '../properties/output.ts';
import { parkAndHold } from '../real-trial.ts';

const engineEntry = join(import.meta.dirname, '../../support/engine-process.ts');
/** The number of the user nobody, on every Linux. */
const nobody = 65_534;

/** Folders that may only be read, and locks that somebody left. */
export const readOnly: FaultGroup = {
  number: 6,
  title: 'A folder that may only be read, and stale locks',
  faults: [
    'A data folder, or the database in it, that belongs to somebody else and may only be read, opened by a user without rights: refused with a sentence that says what to do, and every byte stays.',
    'A lock that a dead engine left, of a number that another process has by now, or that is no lock: the next engine works.',
    'A second engine on a folder is refused and says who holds it; it changes nothing.',
  ],
  run: async (context) => {
    const why = mayBecomeNobody();
    if (why !== null) context.notRun('folders of somebody else', why);
    else await context.trials('folders of somebody else', { short: 1, full: 8 }, foreignFolder);
    await context.trials('stale locks', { short: 1, full: 12 }, staleLock);
    await context.trials('a second engine', { short: 1, full: 5 }, secondEngine);
  },
};

function mayBecomeNobody(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root may become another user';
  const tried = asNobody(['-e', '0']);
  return tried.status === 0 ? null : `the user nobody cannot run this Node: ${tried.stderr.trim() || tried.error}`;
}

function asNobody(argv: readonly string[]) {
  const rights = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--no-new-privs'];
  const env = { ...process.env, HOME: '/nonexistent' };
  return spawnSync('setpriv', [...rights, process.execPath, ...argv], { encoding: 'utf8', timeout: 20_000, env });
}

async function foreignFolder(trial: Trial): Promise<void> {
  const folder = trial.makeFolder();
  const store = await RealEngine.open({ dataFolder: folder, mode: 'idle' });
  const [taskId] = await store.enqueue(commandTask(['/bin/true']));
  await store.park();
  const onlyTheFile = trial.random() < 0.5;
  const file = databaseFile(folder);
  chmodSync(folder, 0o755);
  chmodSync(file, 0o444);
  if (onlyTheFile) chownSync(folder, nobody, nobody);
  const before = readFileSync(file);
  const names = [...snapshotOf(folder)].toString();
  const { status, stderr } = asNobody([engineEntry, folder]);
  trial.expect(status === 1, 'An engine worked, or crashed, in a folder that may only be read.', [status, stderr]);
  trial.expect(
    /"message":"[^"]+"/.test(stderr) && /"remedy":"[^"]+"/.test(stderr),
    'It does not say what to do.',
    stderr,
  );
  trial.expect(before.equals(readFileSync(file)), 'The database was changed.');
  if (!onlyTheFile) trial.expect([...snapshotOf(folder)].toString() === names, 'The folder was changed.');
  trial.saw(onlyTheFile ? 'databases that may only be read' : 'folders that may only be read');
  chownSync(folder, 0, 0);
  chmodSync(file, 0o600);
  chmodSync(folder, 0o700);
  const engine = await RealEngine.open({ dataFolder: folder });
  trial.cleanUp(() => engine.park().catch(() => undefined));
  await engine.taskEnd(taskId as never);
  await parkAndHold(trial, engine, [String(taskId)]);
}

const locks: Readonly<Record<string, () => string>> = {
  'of a dead process': () => claim(2 ** 22 - 3),
  'of a number that another process has now': () => claim(process.ppid),
  'that is empty': () => '',
  'that is no lock': () => 'not a lock {',
  'that was cut off': () => claim(1).slice(0, 30),
};

function claim(pid: number): string {
  return JSON.stringify({
    pid,
    startMark: 'long ago',
    socketPath: '/nowhere',
    version: '0.0.1',
    startedAt: 1,
    nonce: 'n',
  });
}

async function staleLock(trial: Trial): Promise<void> {
  const folder = trial.makeFolder();
  const names = Object.keys(locks);
  const name = names[trial.between(0, names.length)] ?? '';
  writeFileSync(lockPath(folder), locks[name]?.() ?? '');
  const engine = await RealEngine.open({ dataFolder: folder });
  trial.cleanUp(() => engine.park().catch(() => undefined));
  const { task } = await engine.runTask(commandTask(['/bin/true']));
  trial.saw(`a lock ${name}`);
  await parkAndHold(trial, engine, [task.id]);
  trial.expect(!existsSync(lockPath(folder)), 'The lock was not given back.');
}

async function secondEngine(trial: Trial): Promise<void> {
  const folder = trial.makeFolder();
  const engine = await RealEngine.open({ dataFolder: folder });
  trial.cleanUp(() => engine.park().catch(() => undefined));
  const lock = readFileSync(lockPath(folder), 'utf8');
  const second = spawnSync(process.execPath, [engineEntry, folder], { encoding: 'utf8', timeout: 20_000 });
  trial.expect(
    second.status === 1 && second.stderr.includes('"held"'),
    'A second engine was not refused.',
    second.stderr,
  );
  trial.expect(second.stderr.includes(String(process.pid)), 'It does not say who holds the folder.', second.stderr);
  trial.expect(readFileSync(lockPath(folder), 'utf8') === lock, 'The lock was changed.');
  const { task } = await engine.runTask(commandTask(['/bin/true']));
  await parkAndHold(trial, engine, [task.id]);
  trial.saw('second engines');
}
