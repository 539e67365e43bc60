import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { measureQueue, options } from './measure-queue.mjs';

const quiet = new Logger(() => () => {});
const pool = new pg.Pool({ ...options.postgres, max: 70 });
pool.on('error', (error) => console.error(error));
const utils = await makeWorkerUtils({ pgPool: pool, logger: quiet });
await utils.migrate();

await measureQueue({
  add: (payload) => utils.addJob('task', payload),
  async work(concurrency, handler) {
    const tuned =
      concurrency === 1
        ? {}
        : { localQueue: { size: 4 * concurrency }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
    const runner = await run({
      pgPool: pool,
      logger: quiet,
      noHandleSignals: true,
      preset: { worker: { concurrentJobs: concurrency, pollInterval: 1_000, ...tuned } },
      taskList: { task: async () => handler() },
    });
    return () => runner.stop();
  },
  clear: () => pool.query('TRUNCATE graphile_worker._private_jobs'),
  close: async () => {
    await utils.release();
    await pool.end();
  },
});
