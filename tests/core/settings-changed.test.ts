import { describe, expect, it } from 'vitest';
import { openEngine } from '../support/engine.ts';
import { agentDefinition } from '../support/samples.ts';

const work = { agent: { type: 'worker' }, work: { kind: 'prompt' as const, prompt: 'do it', config: {} } };

describe('R41 settings that change while the engine works', () => {
  it('are recorded with what differs, and who changed them; nothing is when nothing differs', async () => {
    const engine = await openEngine();
    const { inForce } = engine.settings;
    await engine.call('saveSettings', { settings: inForce });
    expect(engine.events('settings.changed')).toEqual([]);
    await engine.call('saveSettings', { settings: { ...inForce, slots: { total: 3, perType: {} } } });
    await engine.settings.changeByHand({ retention: { days: 1, logMebibytes: 0 }, redact: ['x+'] });
    expect(engine.events('settings.changed')).toMatchObject([
      { actor: 'person', sections: ['slots'] },
      { actor: 'engine', sections: ['retention', 'redact'] },
    ]);
  });

  it('give waiting work a slot at once, also when they were changed by hand', async () => {
    const settings = { slots: { total: 1 } };
    const engine = await openEngine({ agents: [agentDefinition({ slots: 4 })], settings });
    await engine.call('enqueueTasks', { tasks: [work, work] });
    await engine.settle();
    expect(engine.launcher.launches).toHaveLength(1);
    await engine.settings.changeByHand({ slots: { total: 2, perType: {} } });
    await engine.settle();
    expect(engine.launcher.launches).toHaveLength(2);
  });

  it('R48 hold also when that cannot be stored', async () => {
    const engine = await openEngine();
    engine.failWrites = new Error('the disk is full');
    const changed = { ...engine.settings.inForce, slots: { total: 3, perType: {} } };
    expect(await engine.call('saveSettings', { settings: changed })).toMatchObject({ settings: changed });
    expect(engine.log.problems).toMatchObject([{ message: 'That the settings were changed could not be recorded.' }]);
    expect(engine.settings.inForce.slots.total).toBe(3);
  });

  it('are watched while it works, and no longer', async () => {
    const engine = await openEngine();
    expect(engine.settings.isWatched).toBe(true);
    await engine.close();
    expect(engine.settings.isWatched).toBe(false);
  });
});
