import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import type { LimitedThreadOptions } from '../../src-main/threads/limited-thread.ts';
import { LimitedThread } from '../../src-main/threads/limited-thread.ts';

type Options = LimitedThreadOptions<string, string, string>;

/** A thread that says again what it is told, hangs at `hang`, throws at `throw` and ends at `end`. */
const source = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', (word) => {
    if (word === 'hang') for (;;);
    if (word === 'throw') throw new Error('broken');
    if (word === 'end') process.exit(0);
    parentPort.postMessage(word);
  });
`;

const opened: LimitedThread<string, string, string>[] = [];
let started = 0;

function open(options: Partial<Options> = {}) {
  started = 0;
  const thread = new LimitedThread<string, string, string>({
    start: () => {
      started += 1;
      return new Worker(source, { eval: true });
    },
    read: (word) => `said ${word}`,
    limitMs: 20_000,
    idleMs: 20_000,
    maxWaiting: 2,
    closing: () => 'closing',
    busy: () => 'busy',
    tooLong: (word) => `${word} took too long`,
    died: (error) => `died: ${error?.message ?? 'ended'}`,
    ...options,
  });
  opened.push(thread);
  return thread;
}

afterEach(async () => {
  for (const thread of opened.splice(0)) await thread.close();
});

it('answers one request after the other, all with one thread', async () => {
  const thread = open();
  expect(await Promise.all([thread.ask('one'), thread.ask('two')])).toEqual(['said one', 'said two']);
  expect(started).toBe(1);
});

it('takes no more than may wait', async () => {
  const thread = open();
  const answers = [thread.ask('one'), thread.ask('two'), thread.ask('three'), thread.ask('four')];
  expect(await Promise.all(answers)).toEqual(['said one', 'said two', 'said three', 'busy']);
});

it('ends what takes too long by force, and goes on with another thread', async () => {
  const thread = open({ limitMs: 1_000 });
  expect(await Promise.all([thread.ask('hang'), thread.ask('one')])).toEqual(['hang took too long', 'said one']);
  expect(started).toBe(2);
});

it('says how a thread died over a request, and goes on with another one', async () => {
  const thread = open();
  expect(await thread.ask('throw')).toBe('died: broken');
  expect(await thread.ask('end')).toBe('died: ended');
  expect(await thread.ask('one')).toBe('said one');
  expect(started).toBe(3);
});

it('refuses what is under way, waits or comes when it is closed', async () => {
  const thread = open();
  const answers = [thread.ask('hang'), thread.ask('one')];
  await thread.close();
  expect(await Promise.all([...answers, thread.ask('two')])).toEqual(['closing', 'closing', 'closing']);
});
