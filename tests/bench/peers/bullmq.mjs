import { Queue, Worker } from 'bullmq';
import { measureQueue, options } from './measure-queue.mjs';

const connection = { host: '127.0.0.1', port: options.redisPort, maxRetriesPerRequest: null };
const queue = new Queue('tasks', { connection });
await queue.waitUntilReady();

await measureQueue({
  add: (payload) => queue.add('task', payload, { removeOnComplete: true }),
  async work(concurrency, handler) {
    const worker = new Worker('tasks', async () => handler(), { connection, concurrency });
    await worker.waitUntilReady();
    return () => worker.close();
  },
  clear: () => queue.obliterate({ force: true }),
  close: () => queue.close(),
});
