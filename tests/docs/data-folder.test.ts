import { relative } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryRoot } from '../../src-main/agents/attempt-folder.ts';
import { logPath } from '../../src-main/agents/log-reader.ts';
import { attemptIdSchema } from '../../src-main/contract/ids.ts';
import { chooseDataFolder } from '../../src-main/engine/data-folder.ts';
import { lockPath } from '../../src-main/engine/engine-lock.ts';
import { engineLogPath } from '../../src-main/engine/engine-log.ts';
import { settingsPath } from '../../src-main/engine/settings-file.ts';
import { keptSettingsPath } from '../../src-main/engine/settings-kept.ts';
import { backupFolder, databaseFile } from '../../src-main/store/data-files.ts';
import { apiTokenPath } from '../../src-main/transport/api-token-file.ts';
import { chooseSocketPath } from '../../src-main/transport/socket-path.ts';
import { readText, section, tableRows } from './documents.ts';

const document = readText('docs/data-folder.md');
const described = tableRows(section(document, '## What is in it')).flatMap(([paths = '']) =>
  [...paths.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path.replace(/\/$/, '')),
);

test('what the engine keeps is described under the name it has', () => {
  const folder = '/data';
  const place = { platform: 'linux', runtimeFolder: undefined, temporaryFolder: '/tmp', userId: 1 } as const;
  const socket = chooseSocketPath(folder, place) ?? '';
  const paths = [
    databaseFile,
    backupFolder,
    settingsPath,
    keptSettingsPath,
    lockPath,
    engineLogPath,
    apiTokenPath,
    temporaryRoot,
  ].map((path) => path(folder));
  for (const path of [...paths, socket]) {
    expect(described).toContain(relative(folder, path).replaceAll('\\', '/'));
  }
});

test('the log of an attempt has the name that is described', () => {
  const attempt = attemptIdSchema.parse(`attempt_${'0'.repeat(26)}`);
  expect(logPath('logs', attempt).replaceAll('\\', '/')).toBe(`logs/${attempt}.log`);
  expect(document).toContain('`logs/attempt_….log`');
});

test('the usual places are those of the code', () => {
  const home = '/home-of-somebody';
  const choose = (platform: NodeJS.Platform, env = {}) => chooseDataFolder({ option: undefined, env, platform, home });
  expect(choose('linux')).toBe(`${home}/.local/share/signalbox`);
  expect(document).toContain('~/.local/share/signalbox');
  expect(choose('darwin')).toBe(`${home}/Library/Application Support/Signalbox`);
  expect(document).toContain('~/Library/Application Support/Signalbox');
  expect(choose('win32', { LOCALAPPDATA: 'L:' })).toBe('L:\\Signalbox');
  expect(document).toContain('%LOCALAPPDATA%\\Signalbox');
});
