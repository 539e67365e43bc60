import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import type { MachineCheckDependencies } from '../../src-main/cli/machine-checks.ts';
import { checkMachine } from '../../src-main/cli/machine-checks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const holder = { pid: 7, startMark: 'm', socketPath: '/s', version: '1.0.0', startedAt: 0 };

function healthy(change: Partial<MachineCheckDependencies> = {}): MachineCheckDependencies {
  return {
    dataFolder: { ok: true, value: temporaryFolder() },
    env: { PATH: '' },
    platform: 'linux',
    versions: { node: '24.0.0', napi: '10' },
    settingsAtStart: async () => ({ ok: true, value: { problem: null } }),
    readLock: async () => null,
    findHolder: async () => null,
    findOrphans: async () => [],
    ...change,
  };
}

async function check(name: string, change: Partial<MachineCheckDependencies> = {}) {
  return (await checkMachine(healthy(change))).find((finding) => finding.check === name);
}

test('on a healthy machine nothing is broken, and every check is named', async () => {
  const findings = await checkMachine(healthy());
  expect(findings.map((finding) => finding.check)).toEqual([
    'node',
    'data folder',
    'disk',
    'settings',
    'engine',
    'orphans',
    'git',
    'agents',
  ]);
  expect(findings.filter(({ status }) => status === 'broken')).toEqual([]);
});

test('a Node that cannot load the database is broken', async () => {
  expect(await check('node', { versions: { node: '20.1.0', napi: '9' } })).toMatchObject({
    status: 'broken',
    remedy: 'Install Node 22.14 or newer.',
  });
});

test('R40 a data folder that cannot be used is broken, and nothing in it is checked', async () => {
  const error = { type: 'invalidInput', message: 'The data folder x cannot be used.', remedy: 'Another.' } as const;
  const findings = await checkMachine(healthy({ dataFolder: { ok: false, error } }));
  expect(findings.map((finding) => finding.check)).toEqual(['node', 'data folder', 'git', 'agents']);
  expect(findings[1]).toMatchObject({ status: 'broken', detail: error.message, remedy: 'Another.' });
});

test('R41 settings that are not valid are broken, with their own remedy', async () => {
  const error = { type: 'invalidInput', message: 'line 1', remedy: 'Correct the file.' } as const;
  expect(await check('settings', { settingsAtStart: async () => ({ ok: false, error }) })).toMatchObject({
    status: 'broken',
    remedy: 'Correct the file.',
  });
  expect(
    await check('settings', { settingsAtStart: async () => ({ ok: true, value: { problem: error } }) }),
  ).toMatchObject({
    status: 'warning',
    detail: 'line 1 Those that were good last hold.',
    remedy: 'Correct the file.',
  });
});

test('a running engine is named', async () => {
  const finding = await check('engine', { findHolder: async () => holder, readLock: async () => holder });
  expect(finding).toMatchObject({ status: 'ok', detail: 'running: process 7, Signalbox 1.0.0' });
});

test('the lock of a dead engine and what it left behind are told, with what ends them', async () => {
  const change = {
    readLock: async () => holder,
    findOrphans: async () => [
      { pid: 11, startMark: 'a' },
      { pid: 12, startMark: 'b' },
    ],
  };
  expect(await check('engine', change)).toMatchObject({ status: 'warning' });
  expect(await check('orphans', change)).toMatchObject({
    status: 'warning',
    detail: 'Processes of an earlier engine still run: 11, 12',
    remedy: 'Start an engine, which ends them first: signalbox engine',
  });
});

test('agents on the PATH are found, and what is missing comes with what installs it', async () => {
  const folder = temporaryFolder();
  for (const name of ['claude', 'git', 'npx']) {
    writeFileSync(join(folder, name), '');
    chmodSync(join(folder, name), 0o755);
  }
  const env = { PATH: ['', '/missing', folder].join(delimiter) };
  expect(await check('git', { env })).toMatchObject({ status: 'ok', detail: join(folder, 'git') });
  const agents = await check('agents', { env });
  expect(agents?.detail).toContain(
    `on the PATH: claude (${join(folder, 'claude')}); not found: codex, gemini, opencode`,
  );
  expect(agents?.remedy).toContain('codex: npm install -g @openai/codex');
  expect(agents?.remedy).not.toContain('claude:');
});
