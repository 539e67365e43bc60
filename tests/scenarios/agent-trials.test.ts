import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AgentDefinition } from '../../src-main/contract/agent.ts';
import { processesOf } from '../support/process-census.ts';
import { commandTask, RealEngine, testAgent } from '../support/real-engine.ts';

async function openEngine(settings?: unknown): Promise<RealEngine> {
  const engine = await RealEngine.open({ settings });
  onTestFinished(() => engine.close());
  return engine;
}

/** A test agent that does this, whatever it is asked. */
function telling(config: object, options: Parameters<typeof testAgent>[1] = {}): AgentDefinition {
  return testAgent('candidate', { ...options, args: ['--config', JSON.stringify(config), ...(options.args ?? [])] });
}

describe('R19 R74 a definition is tried out before it is saved', () => {
  it.each([
    ['that works', telling({ print: ['hello'] }), null],
    ['that talks no protocol but answers in the end', telling({ mode: 'garbage' }), null],
    ['that crashes', telling({ mode: 'crash' }), 'crash'],
    [
      'that never answers the handshake',
      telling({}, { startTimeoutMs: 500, args: ['--handshake', 'none'] }),
      'handshake',
    ],
    ['whose program is missing', { ...telling({}), command: ['no-such-program'] }, 'spawn'],
  ])('an agent %s', async (_what, definition, category) => {
    const engine = await openEngine();
    const before = (await engine.events()).length;
    const report = await engine.call('testAgent', { definition, prompt: 'Do as you are told.' });
    expect(report).toMatchObject({ passed: category === null, failure: category === null ? null : { category } });
    expect((await engine.events()).length).toBe(before);
    const { agents } = await engine.call('listAgents', {});
    expect(agents.map(({ id }) => id)).not.toContain('candidate');
    expect(readdirSync(join(engine.dataFolder, 'tmp'))).toEqual([]);
    expect(processesOf(engine.dataFolder).filter(({ command }) => command.includes('test-agent'))).toEqual([]);
  });
});

describe('R62 agents are seen with what they do and use', () => {
  it('a command that runs is measured, and its agent shows it', async () => {
    const engine = await openEngine();
    const [taskId] = await engine.enqueue(commandTask([process.execPath, '-e', 'setTimeout(() => {}, 60000)']));
    if (taskId === undefined) throw new Error('nothing was queued');
    await engine.running(taskId);
    const shell = await engine.agent('shell');
    expect(shell.live).toMatchObject([{ taskId, runId: null }]);
    expect(shell.usage?.memoryBytes).toBeGreaterThan(1_000_000);
    expect((await engine.agent('scaffold')).usage).toBeNull();
    await engine.call('cancelTask', { taskId, reason: 'seen' });
    await engine.taskEnd(taskId);
  });
});

describe('R41 settings are saved while the engine works', () => {
  it('hold at once, and at the next start', async () => {
    const engine = await openEngine();
    const { settings, problem } = await engine.call('getSettings', {});
    expect(problem).toBeNull();
    const changed = { ...settings, slots: { total: 3, perType: { shell: 1 } } };
    expect(await engine.call('saveSettings', { settings: changed })).toMatchObject({ needsRestart: false });
    expect((await engine.call('getStatus', {})).slots.total).toBe(3);
    await engine.park();
    await engine.reopen();
    expect((await engine.call('getSettings', {})).settings).toEqual(changed);
    expect(await engine.attempt('saveSettings', { settings: { ...changed, redact: ['('] } })).toMatchObject({
      ok: false,
      error: { field: 'settings.redact[0]' },
    });
  });
});
