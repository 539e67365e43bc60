import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentDefinitionSchema } from '../../src-main/contract/agent.ts';
import { detectAgents } from '../../src-main/engine/detect-agents.ts';
import { createMachine } from '../../src-main/engine/machine.ts';
import { checkAgents } from '../../src-main/engine/machine-checks.ts';
import { settingsPath } from '../../src-main/engine/settings-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A folder with programs that do nothing. */
function folderWith(...programs: readonly string[]): string {
  const folder = temporaryFolder();
  for (const program of programs) {
    writeFileSync(join(folder, program), '#!/bin/sh\nexit 1\n');
    chmodSync(join(folder, program), 0o755);
  }
  return folder;
}

function detected(name: string, folder: string, platform: NodeJS.Platform = 'linux') {
  const found = detectAgents({ PATH: folder, PATHEXT: '.CMD' }, platform).find(
    ({ definition }) => definition.id === name,
  );
  if (found === undefined) throw new Error(`${name} is not known`);
  return found;
}

describe('agents that are known', () => {
  it('are definitions that can be saved as they are, with what installs them and where to read', () => {
    const all = detectAgents({ PATH: '' }, 'linux');
    expect(all.map(({ definition }) => definition.id)).toEqual([
      'claude',
      'codex',
      'gemini',
      'opencode',
      'goose',
      'cursor',
      'qwen',
      'copilot',
      'auggie',
      'kimi',
    ]);
    for (const { definition, path, install, documentation } of all) {
      expect(agentDefinitionSchema.safeParse(definition).success).toBe(true);
      expect(path).toBeNull();
      expect(install).not.toBe('');
      expect(documentation).toMatch(/^https:/);
    }
  });

  it('are found on the PATH without being started', () => {
    const folder = folderWith('gemini');
    expect(detected('gemini', folder)).toMatchObject({
      path: join(folder, 'gemini'),
      definition: { command: ['gemini', '--acp'], permissions: 'ask' },
    });
    expect(detected('opencode', folder).path).toBeNull();
  });

  it('are started by an installed adapter, or else by npx; without either they are missing', () => {
    expect(detected('claude', folderWith('claude')).path).toBeNull();
    const byNpx = folderWith('claude', 'npx');
    expect(detected('claude', byNpx)).toMatchObject({
      path: join(byNpx, 'claude'),
      definition: { command: ['npx', '--yes', '@agentclientprotocol/claude-agent-acp'] },
    });
    const installed = folderWith('codex', 'codex-acp', 'npx');
    expect(detected('codex', installed)).toMatchObject({ definition: { command: ['codex-acp'] } });
  });

  it('without their adapter say that it is missing, and what installs it', () => {
    const folder = folderWith('claude');
    expect(detected('claude', folder)).toMatchObject({
      path: null,
      missing: `claude is here (${join(folder, 'claude')}); the adapter that lets Signalbox talk to it, claude-agent-acp, is not`,
      install: 'npm install -g @agentclientprotocol/claude-agent-acp',
    });
    expect(detected('claude', folderWith('npx'))).toMatchObject({
      missing: null,
      install: 'npm install -g @anthropic-ai/claude-code',
    });
    expect(detected('codex', folderWith('codex', 'npx')).missing).toBeNull();
    const { detail, remedy } = checkAgents({ PATH: folder }, 'linux');
    expect(detail).toContain('the adapter that lets Signalbox talk to it, claude-agent-acp, is not; not found: codex');
    expect(remedy).toContain('claude: npm install -g @agentclientprotocol/claude-agent-acp');
  });

  it('come with the command of Windows there', () => {
    expect(detected('goose', '').install).toContain('curl');
    expect(detected('goose', '', 'win32').install).toContain('Invoke-WebRequest');
    expect(detected('gemini', '', 'win32').install).toBe('npm install -g @google/gemini-cli');
  });
});

describe('the machine of an engine', () => {
  it('is looked at where the engine would start agents', async () => {
    const dataFolder = temporaryFolder();
    const env = { PATH: folderWith('git', 'gemini') };
    const machine = createMachine({ dataFolder, env, platform: 'linux', versions: { node: '24.0.0', napi: '10' } });
    expect(machine.detectAgents().filter(({ path }) => path !== null)).toHaveLength(1);
    const findings = await machine.check();
    expect(findings.map(({ check, status }) => [check, status])).toEqual([
      ['node', 'ok'],
      ['data folder', 'ok'],
      ['disk', expect.any(String)],
      ['settings', 'ok'],
      ['git', 'ok'],
      ['agents', 'ok'],
    ]);
    writeFileSync(settingsPath(dataFolder), '{');
    expect((await machine.check()).find(({ check }) => check === 'settings')).toMatchObject({ status: 'broken' });
  });
});
