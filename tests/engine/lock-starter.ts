/** One starter of an engine, as a process of its own: takes the lock when told to, and says how it went. */
import { createInterface } from 'node:readline';
import { acquireEngineLock } from '../../src-main/engine/engine-lock.ts';

const [dataFolder = ''] = process.argv.slice(2);

function isAlive({ pid }: { pid: number }): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return Promise.resolve(true);
  } catch {
    return Promise.resolve(false);
  }
}

const commands = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
process.stdout.write('ready\n');
await commands.next();
const result = await acquireEngineLock({
  dataFolder,
  self: { pid: process.pid, startMark: 'test', socketPath: null, version: '1', startedAt: Date.now() },
  isAlive,
  createNonce: () => crypto.randomUUID(),
});
process.stdout.write(`${JSON.stringify(result.ok ? { got: process.pid } : { heldBy: result.error.pid })}\n`);
const next = await commands.next();
if (result.ok && next.value === 'release') await result.value.release();
process.exit(0);
