import PgBoss from 'pg-boss';
import { measureQueue, options } from './measure-queue.mjs';

const boss = new PgBoss({ ...options.postgres, max: 70, supervise: false, schedule: false });
await boss.start();
await boss.createQueue('tasks');

await measureQueue({
  add: (payload) => boss.send('tasks', payload),
  async work(concurrency, handler) {
    let goesOn = true;
    const loop = async () => {
      while (goesOn) {
        const jobs = await boss.fetch('tasks', { batchSize: concurrency });
        if (jobs.length === 0) continue;
        for (const _ of jobs) handler();
        await boss.complete(
          'tasks',
          jobs.map(({ id }) => id),
        );
      }
    };
    const running = loop();
    return async () => {
      goesOn = false;
      await running;
    };
  },
  clear: () => boss.purgeQueue('tasks'),
  close: () => boss.stop({ graceful: false }),
});
