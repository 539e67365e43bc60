import { DBOS } from '@dbos-inc/dbos-sdk';
import { median, options } from './measure-queue.mjs';

const { host, port, user, database } = options.postgres;
DBOS.setConfig({
  name: 'peer',
  systemDatabaseUrl: `postgresql://${user}@${host}:${port}/${database}`,
  runAdminServer: false,
  logLevel: 'error',
});
const stage = async () => ({});
const threeStages = DBOS.registerWorkflow(
  async () => {
    for (const name of ['one', 'two', 'three']) await DBOS.runStep(stage, { name });
  },
  { name: 'threeStages' },
);
await DBOS.launch();

async function timeRuns(count) {
  const times = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    const handle = await DBOS.startWorkflow(threeStages)();
    await handle.getResult();
    times.push(performance.now() - start);
  }
  return times;
}

await timeRuns(Math.ceil(options.counts.runs / 10));
const runMs = median(await timeRuns(options.counts.runs));
await DBOS.shutdown();
console.log(JSON.stringify({ runMs }));
