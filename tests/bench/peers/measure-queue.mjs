/**
 * The same measurements for every queue: an empty handler, 200 bytes of payload, one line of JSON as the result.
 * A queue gives `add(payload)`, which resolves when the job is stored as durably as it promises; `work(concurrency,
 * handler)`, which starts handling and resolves to what stops it; `clear()`; and `close()`.
 */
export const payload = { text: 'x'.repeat(200) };

/** What the benchmark asks for: `{folder, redisPort, postgres, counts: {addOne, addMany, processOne, processMany, pickup, runs}}`. */
export const options = JSON.parse(process.argv[2] ?? '{}');

async function addFrom(queue, callers, count) {
  let left = count;
  const start = performance.now();
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      await queue.add(payload);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (count * 1_000) / (performance.now() - start);
}

async function processAll(queue, concurrency, count) {
  await addFrom(queue, 64, count);
  const { promise, resolve } = Promise.withResolvers();
  let left = count;
  const start = performance.now();
  const stop = await queue.work(concurrency, () => {
    left -= 1;
    if (left === 0) resolve();
  });
  await promise;
  await queue.settled?.(count);
  const perSecond = (count * 1_000) / (performance.now() - start);
  await stop();
  await queue.clear();
  return perSecond;
}

async function pickup(queue, count) {
  let handled = () => {};
  const stop = await queue.work(1, () => handled());
  const times = [];
  for (let index = 0; index < count; index += 1) {
    const { promise, resolve } = Promise.withResolvers();
    handled = resolve;
    const start = performance.now();
    await Promise.all([queue.add(payload), promise]);
    times.push(performance.now() - start);
    await queue.settled?.(index + 1);
  }
  await stop();
  await queue.clear();
  return median(times);
}

/** The value that half of them do not exceed. */
export function median(times) {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length / 2) - 1];
}

/** Measures a queue and prints the result. */
export async function measureQueue(queue) {
  const { counts } = options;
  const addOne = await addFrom(queue, 1, counts.addOne);
  await queue.clear();
  const addMany = await addFrom(queue, 64, counts.addMany);
  await queue.clear();
  const processOne = await processAll(queue, 1, counts.processOne);
  const processMany = await processAll(queue, 64, counts.processMany);
  const pickupMs = await pickup(queue, counts.pickup);
  await queue.close();
  console.log(JSON.stringify({ addOne, addMany, processOne, processMany, pickupMs }));
}
