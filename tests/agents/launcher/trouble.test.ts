import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { dataMarkerName } from '../../../src-main/agents/agent-host.ts';
import { dataMarkerOf } from '../../../src-main/agents/host-client.ts';
import { createAgentLauncher } from '../../../src-main/agents/launcher.ts';
import type { Failure } from '../../../src-main/contract/errors.ts';
import { makeRequest, promptWork, scriptWork, shellAgent, testAgent } from './make-request.ts';
import { openRoom, quietLogger, systemClock, Witness } from './open-room.ts';

it.skipIf(process.platform !== 'linux')(
  'I8 ends what an earlier engine on the folder left, and nothing else',
  async () => {
    const room = await openRoom();
    onTestFinished(() => room.close());
    const env = { ...process.env, [dataMarkerName]: dataMarkerOf(room.dataFolder) };
    const orphan = spawn('sleep', ['60'], { env, stdio: 'ignore' });
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    onTestFinished(() => {
      stranger.kill('SIGKILL');
    });
    const exited = new Promise((resolve) => orphan.once('exit', (_, signal) => resolve(signal)));
    const report = await room.launcher.reap([{ pid: stranger.pid ?? 0, startMark: 'another start' }]);
    expect(report.ended).toMatchObject([{ pid: orphan.pid }]);
    expect(await exited).toMatch(/SIGTERM|SIGKILL/);
    expect(stranger.signalCode).toBe(null);
  },
);

it('says of every attempt, gate, agent and process why there is no agent host', async () => {
  const failure: Failure = { category: 'spawn', class: 'transient', message: 'No memory' };
  const dataFolder = join(tmpdir(), `signalbox-agents-no-host-${process.pid}`);
  onTestFinished(() => rm(dataFolder, { recursive: true }));
  const launcher = createAgentLauncher({
    startHost: async () => ({ ok: false, error: failure }),
    clock: systemClock,
    logger: quietLogger,
    dataFolder,
    logFolder: join(dataFolder, 'logs'),
    engineEnv: {},
    heartbeatMs: 1_000,
    redact: [],
  });
  expect(await launcher.start()).toEqual({ ok: false, error: failure });
  const shell = makeRequest(shellAgent(), { work: scriptWork('exit 0'), folder: tmpdir() });
  const acp = makeRequest(testAgent('acp'), { work: promptWork(), folder: tmpdir() });
  const failed = { outcome: 'failed', exit: null, failure };
  expect(await launcher.launch(shell, new Witness()).result).toEqual(failed);
  expect(await launcher.launch(acp, new Witness()).result).toEqual(failed);
  expect(await launcher.startAgent(acp.agent)).toEqual({ ok: false, error: failure });
  expect(await launcher.runGateCommand(shell, ['true'], 1_000).result).toEqual({
    exitCode: null,
    message: 'No memory',
  });
  const known = { pid: 1, startMark: 'x' };
  expect(await launcher.reap([known])).toEqual({ ended: [], left: [{ process: known, reason: 'No memory' }] });
  await launcher.close(0);
});

it('fails the attempt, and only it, when its folder cannot be made', async () => {
  const room = await openRoom();
  onTestFinished(() => room.close());
  await rm(join(room.dataFolder, 'tmp'), { recursive: true, force: true });
  await writeFile(join(room.dataFolder, 'tmp'), 'a file in the way');
  const shell = makeRequest(shellAgent(), { work: scriptWork('exit 0'), folder: room.workspace });
  const acp = makeRequest(testAgent('acp'), { work: promptWork(), folder: room.workspace });
  const failed = { outcome: 'failed', failure: { category: 'engine', message: expect.stringContaining('tmp') } };
  expect(await room.run(shell)).toMatchObject(failed);
  expect(await room.run(acp)).toMatchObject(failed);
  const gate = room.launcher.runGateCommand(shell, ['true'], 1_000);
  expect(await gate.result).toMatchObject({ exitCode: null, message: expect.stringContaining('tmp') });
  await rm(join(room.dataFolder, 'tmp'));
  expect(await room.run(shell)).toMatchObject({ outcome: 'completed' });
});
