import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lockPath } from '../../src-main/engine/engine-lock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const script = fileURLToPath(new URL('../../src-main/cli.ts', import.meta.url));
const waitMs = 30_000;

/** A workflow whose second stage ends when a file appears, so that nothing depends on time. */
function heldWorkflow(folder: string): { path: string; gate: string } {
  const gate = join(folder, 'gate');
  const path = join(folder, 'held.yaml');
  const wait = `const fs = require('fs'); setInterval(() => fs.existsSync(${JSON.stringify(gate)}) && process.exit(0), 20)`;
  const stages = [
    { name: 'first', run: ['node', '-e', "console.log('first here')"] },
    { name: 'second', run: ['node', '-e', wait] },
  ];
  writeFileSync(path, JSON.stringify({ name: 'held', stages }));
  return { path, gate };
}

/** The command line as processes of their own, on one data folder. */
function commandLine() {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const { PATH = '' } = process.env;

  function start(...argv: string[]) {
    const child: ChildProcess = spawn(process.execPath, [script, ...argv], {
      cwd: folder,
      // R41: nothing of the environment is needed but where programs are.
      env: { PATH, SIGNALBOX_DATA: data },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const printed = { out: '', err: '' };
    child.stdout?.on('data', (chunk: Buffer) => {
      printed.out += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      printed.err += chunk.toString();
    });
    const closed = once(child, 'close');
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await closed;
    });
    const shows = (text: string) =>
      until(
        `"${text}" of ${argv.join(' ')}: ${printed.out}${printed.err}`,
        () => (`${printed.out}${printed.err}`.includes(text) ? true : undefined),
        waitMs,
      );
    return { child, printed, shows, end: async () => ((await closed) as [number | null])[0] };
  }

  async function run(...argv: string[]) {
    const started = start(...argv);
    const code = await started.end();
    return { code, ...started.printed };
  }

  return { folder, data, start, run };
}

describe('R70 R80 the command line as processes', () => {
  test('a run that is told to end by SIGTERM is parked, and the next engine completes it', async () => {
    const { folder, data, start, run } = commandLine();
    const { path, gate } = heldWorkflow(folder);
    const first = start('run', path);
    await first.shows('● second');
    first.child.kill('SIGTERM');
    expect(await first.end()).toBe(143);
    expect(first.printed.err).toMatch(/SIGTERM: run \w{8} is parked/);
    expect(existsSync(lockPath(data))).toBe(false);
    expect((await run('runs')).out).toContain('No engine is running');

    const engine = start('engine');
    await engine.shows('Taken up again from an earlier engine: 1 run');
    writeFileSync(gate, '');
    const shown = async () => (await run('runs', '--json')).out;
    let state = '';
    for (let look = 0; look < 50 && state !== 'completed'; look += 1) {
      state = (JSON.parse(await shown()) as { runs: { state: string }[] }).runs[0]?.state ?? '';
    }
    expect(state).toBe('completed');
    engine.child.kill('SIGINT');
    expect(await engine.end()).toBe(130);
    expect(readdirSync(data)).not.toContain('engine.lock');
  });

  test('Ctrl-C cancels a run, says so, and leaves nothing behind', async () => {
    const { folder, data, start } = commandLine();
    const { path } = heldWorkflow(folder);
    const running = start('run', path);
    await running.shows('● second');
    running.child.kill('SIGINT');
    expect(await running.end()).toBe(130);
    expect(running.printed.out).toContain('Cancelling the run. Ctrl-C again stops at once.');
    expect(running.printed.out).toContain('⊘ held cancelled');
    expect(existsSync(lockPath(data))).toBe(false);
  });

  test('after a kill -9 the next run takes the lock over and goes on with what was left', async () => {
    const { folder, start } = commandLine();
    const { path, gate } = heldWorkflow(folder);
    const first = start('run', path);
    await first.shows('● second');
    first.child.kill('SIGKILL');
    await first.end();
    writeFileSync(gate, '');
    const second = start('run', path, '--json');
    expect(await second.end()).toBe(0);
    expect(second.printed.err).toContain('Taken up again from an earlier engine: 1 run');
    expect(JSON.parse(second.printed.out)).toMatchObject({ run: { state: 'completed', workflow: 'held' } });
  });

  test('a second terminal hands its run over, and goes on by itself when the first engine ends', async () => {
    const { folder, start, run } = commandLine();
    const { path, gate } = heldWorkflow(folder);
    const engine = start('engine');
    await engine.shows('Ready.');
    const guest = start('run', path);
    await guest.shows('● second');
    expect(guest.printed.err).toBe('');
    expect(
      (
        await run(
          'logs',
          (JSON.parse((await run('runs', '--json')).out) as { runs: { id: string }[] }).runs[0]?.id ?? '',
        )
      ).out,
    ).toContain('first here');
    engine.child.kill('SIGTERM');
    await guest.shows('this terminal goes on with the run');
    expect(await engine.end()).toBe(143);
    writeFileSync(gate, '');
    expect(await guest.end()).toBe(0);
    expect(guest.printed.out).toContain('✓ held completed');
  });

  test('what is submitted without an engine is done by the next one', async () => {
    const { run, start } = commandLine();
    const submitted = await run('submit', '--json', '--command', '--', 'node', '-e', 'console.log(6 * 7)');
    expect(submitted.code).toBe(0);
    const { taskId } = JSON.parse(submitted.out) as { taskId: string };
    expect((await run('tasks')).out).toContain('○ queued');
    const engine = start('engine');
    await engine.shows('Ready.');
    const waiting = start('logs', '-f', taskId);
    expect(await waiting.end()).toBe(0);
    expect(waiting.printed.out).toContain('42');
    engine.child.kill('SIGTERM');
    await engine.end();
  });

  test('six commands at once on a new folder all succeed, one after the other', async () => {
    const { run } = commandLine();
    const results = await Promise.all(Array.from({ length: 6 }, () => run('agents', '--json')));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(results.map(({ err }) => err).filter((err) => !/^(Waiting for process .*\n)?$/.test(err))).toEqual([]);
    const counts = results.map(({ out }) => (JSON.parse(out) as { agents: unknown[] }).agents.length);
    expect(new Set(counts)).toEqual(new Set([6]));
  });
});

describe('R40 R41 what is wrong is named, and nothing is begun', () => {
  test('settings that are not valid', async () => {
    const { data, run } = commandLine();
    mkdirSync(data);
    writeFileSync(join(data, 'settings.json'), '{\n  "slots": { "total": 0 }\n}');
    const result = await run('runs');
    expect(result.code).toBe(2);
    expect(result.err).toContain('line 2, column 23: slots.total must be at least 1');
    expect(readdirSync(data)).toEqual(['settings.json']);
    const doctor = await run('doctor');
    expect(doctor.code).toBe(1);
    expect(doctor.out).toContain('✗ broken  settings');
  });

  test('a data folder that is a file', async () => {
    const { folder, run } = commandLine();
    writeFileSync(join(folder, 'file'), '');
    const result = await run('runs', '--data', 'file');
    expect(result.code).toBe(2);
    expect(result.err).toContain('cannot be used: it is not a folder.');
  });

  test('a database that is none', async () => {
    const { data, run } = commandLine();
    mkdirSync(data);
    writeFileSync(join(data, 'signalbox.db'), 'this is not a database'.repeat(100));
    const result = await run('runs');
    expect(result.code).toBe(2);
    expect(result.err.trimEnd().split('\n').length).toBeGreaterThan(1);
    expect(existsSync(lockPath(data))).toBe(false);
    expect((await run('doctor')).code).toBe(1);
  });
});
