import { join } from 'node:path';
import Database from 'better-sqlite3';
import { better, defineQueue, defineWorker } from 'plainjob';
import { measureQueue, options } from './measure-queue.mjs';

const database = new Database(join(options.folder, 'plainjob.db'));
const logger = { error: console.error, warn: () => {}, info: () => {}, debug: () => {} };
const queue = defineQueue({ connection: better(database), logger });
// As durable as what it is compared with; without this, better-sqlite3 makes it NORMAL in WAL mode.
database.pragma('synchronous = FULL');

const untilDone = async (count) => {
  while (database.prepare('SELECT count(*) FROM plainjob_jobs WHERE status >= 2').pluck().get() < count) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};

await measureQueue({
  add: async (payload) => queue.add('task', payload),
  async work(concurrency, handler) {
    const workers = Array.from({ length: concurrency }, () =>
      defineWorker('task', async () => handler(), { queue, logger, pollIntervall: 1 }),
    );
    const running = workers.map((worker) => worker.start());
    return async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await Promise.all(running);
    };
  },
  settled: untilDone,
  clear: async () => database.exec('DELETE FROM plainjob_jobs'),
  close: async () => queue.close(),
});
