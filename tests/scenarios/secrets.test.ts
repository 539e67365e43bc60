/** Secrets that agents print, report and fail with: they must not be in any file that Signalbox writes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Attempt } from '../../src-main/contract/task.ts';
import { commandTask, RealEngine, testAgent } from '../support/real-engine.ts';

/** A value without any shape that would give it away, in a variable of the engine's own environment. */
const inherited = 'harbour-lantern-9153';
/** A value with the shape of a key, which only the agent knows. */
const shaped = ['sk', 'ant', 'q7Zx81LmPw03RtYb5KdV2nHs'].join('-');
/** A value that a rule of the settings names. */
const named = 'PIN-4711-0815';

let engine: RealEngine;

beforeAll(async () => {
  vi.stubEnv('HARBOUR_API_TOKEN', inherited);
  engine = await RealEngine.open({ settings: { redact: ['PIN-\\d{4}-\\d{4}'] } });
});
afterAll(() => engine.close());

/** Every file of the data folder, by name, as bytes. */
function filesOf(folder: string): { path: string; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, bytes: readFileSync(path) }));
}

function filesWith(secret: string): string[] {
  return filesOf(engine.dataFolder).flatMap(({ path, bytes }) => (bytes.includes(secret) ? path : []));
}

/** A program that prints a text in every way there is, and fails with it. It finds the text in pieces. */
function teller(pieces: readonly string[]): string[] {
  const program = `
    const secret = process.env.HARBOUR_API_TOKEN ?? process.argv.slice(1).join('-');
    const fs = require('node:fs');
    console.log('out ' + secret);
    console.error('err ' + secret);
    process.stdout.write(secret.slice(0, 7));
    setTimeout(() => {
      process.stdout.write(secret.slice(7) + '\\n');
      fs.writeFileSync(process.env.SIGNALBOX_OUTPUT, JSON.stringify({ told: secret, deep: [{ told: secret }] }));
      console.error('last words ' + secret);
      process.exit(process.env.FAIL === '1' ? 1 : 0);
    }, 50);`;
  return [process.execPath, '-e', program, ...pieces];
}

test('R46 a secret of the environment that a command prints, writes and fails with is in no file', async () => {
  const told = await engine.runTask(commandTask(teller([])));
  expect(told.task.state).toBe('completed');
  expect(told.task.outputs).toEqual({ told: '[redacted]', deep: [{ told: '[redacted]' }] });
  const log = await engine.log(told.attempts[0] as Attempt);
  expect(log).toContain('out [redacted]');
  expect(log).toContain('err [redacted]');
  const failed = await engine.runTask(commandTask(teller([]), { env: { FAIL: '1' }, retry: { maxAttempts: 1 } }));
  expect(failed.task.failure?.message).toContain('last words [redacted]');
  expect(JSON.stringify(await engine.events())).not.toContain(inherited);
  expect(filesWith(inherited)).toEqual([]);
});

test('R46 a text with the shape of a key is redacted wherever it comes from', async () => {
  // In pieces, so that the task as it is stored does not hold what the command says.
  const program = `process.argv.slice(1).join('-')`;
  const shown = await engine.runTask(commandTask([process.execPath, '-p', program, ...shaped.split('-')]));
  expect(await engine.log(shown.attempts[0] as Attempt)).toBe('[redacted]');
  expect(filesWith(shaped)).toEqual([]);
});

test('R46 a secret that would be stored with an agent or a task is refused, and is in no file', async () => {
  const secret = 'orchard-gate-5520';
  const env = { SIGNALBOX_API_TOKEN: secret };
  const refused = {
    ok: false,
    error: { type: 'invalidInput', message: expect.stringContaining('must not be stored') },
  };
  expect(await engine.attempt('saveAgent', testAgent('talker', { env }))).toMatchObject(refused);
  expect(await engine.attempt('enqueueTasks', { tasks: [commandTask(['true'], { env })] })).toMatchObject(refused);
  expect(filesWith(secret)).toEqual([]);
});

test('R46 what a rule of the settings names is redacted', async () => {
  const [, a, b] = named.split('-');
  const shown = await engine.runTask(commandTask([process.execPath, '-p', `['PIN', ${a}, '${b}'].join('-')`]));
  expect(await engine.log(shown.attempts[0] as Attempt)).toBe('[redacted]');
  expect(filesWith(named)).toEqual([]);
});
