import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { builtinAgentDefinitions } from '../../../src-main/agents/builtin-definitions.ts';
import { shellCommand } from '../../../src-main/agents/shell-command.ts';
import { agentDefinitionSchema } from '../../../src-main/contract/agent.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { makeRequest, promptWork } from './make-request.ts';
import { openRoom } from './open-room.ts';

describe('the built-in agents', () => {
  it('are five that speak ACP, and the shell, all valid', () => {
    const definitions = builtinAgentDefinitions();
    expect(definitions.map(({ id, type, protocol }) => [id, type, protocol])).toEqual([
      ['scaffold', 'scaffold', 'acp'],
      ['validation', 'validation', 'acp'],
      ['e2e', 'e2e', 'acp'],
      ['integration', 'integration', 'acp'],
      ['deployment', 'deployment', 'acp'],
      ['shell', 'shell', 'shell'],
    ]);
    for (const definition of definitions) expect(agentDefinitionSchema.parse(definition)).toEqual(definition);
  });

  it('run on the executable of Electron only with the variable that turns it into Node', () => {
    const [node] = builtinAgentDefinitions({ execPath: '/node', isElectron: false });
    const [electron] = builtinAgentDefinitions({ execPath: '/electron', isElectron: true });
    expect([node?.env, electron?.env]).toEqual([{}, { ELECTRON_RUN_AS_NODE: '1' }]);
    expect(electron?.command).toEqual(['/electron', expect.stringMatching(/builtin.main\.ts$/), 'scaffold']);
  });

  it('R20 are five processes with five handshakes, and do their work', async () => {
    const room = await openRoom();
    onTestFinished(() => room.close());
    const pids = new Set<number>();
    room.launcher.onAgentProcess({
      starting: () => undefined,
      ready: (_id, { pid }) => pids.add(pid),
      ended: () => undefined,
      beat: () => undefined,
    });
    const definitions = builtinAgentDefinitions();
    const started = await Promise.all(definitions.map((definition) => room.launcher.startAgent(definition)));
    expect(started.every(({ ok }) => ok)).toBe(true);
    expect(pids.size).toBe(5);
    const [scaffold] = definitions;
    if (scaffold === undefined) throw new Error('There is no scaffold agent');
    const request = makeRequest(scaffold, {
      work: promptWork({ work: 'app/initialization' }, 'Set it up'),
      folder: room.workspace,
      inputs: { name: 'calculator-app', requirements: 'It adds and subtracts' },
    });
    const { witness, ...result } = await room.run(request);
    expect(result).toMatchObject({ outcome: 'completed', exit: { stopReason: 'end_turn' } });
    expect(witness.kinds).toContain('toolCallStarted');
  });
});

describe("a task's command", () => {
  it('is the arguments as they are, or the script for the shell of the system', async () => {
    const argv = ['node', '-e', '1'];
    expect(await shellCommand({ kind: 'argv', argv }, '/')).toBe(argv);
    const script = 'echo 1\necho 2';
    expect(await shellCommand({ kind: 'script', script }, '/', 'linux')).toEqual(['/bin/sh', '-e', '-c', script]);
  });

  it('is a file on Windows, whose shell would run only the first line of an argument', async () => {
    const folder = temporaryFolder();
    const command = await shellCommand({ kind: 'script', script: 'echo 1\necho 2' }, folder, 'win32');
    expect(command).toEqual(['cmd.exe', '/d', '/c', join(folder, 'script.cmd')]);
    expect(await readFile(join(folder, 'script.cmd'), 'utf8')).toBe('@echo off\r\necho 1\r\necho 2\r\n');
  });
});
