/** A settings file in the hands of a person, while an engine works and when one starts. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RealEngine } from '../support/real-engine.ts';
import { notYet, until } from '../support/until.ts';

const broken = '{\n  "slots": { "total": 0 }\n}';

async function openEngine() {
  const engine = await RealEngine.open({ settings: { slots: { total: 2 } } });
  onTestFinished(() => engine.close());
  const path = join(engine.dataFolder, 'settings.json');
  const health = async () => (await engine.call('getStatus', {})).health.reasons.map(({ message }) => message);
  return { engine, path, health };
}

test('R41 what is changed by hand holds without a restart, and is in the history', async () => {
  const { engine, path } = await openEngine();
  writeFileSync(path, '{"slots": {"total": 5}, "redact": ["ACME-[0-9]+"]}');
  const changed = await until('the change', async () => {
    const { events } = await engine.call('listEvents', { kinds: ['settings.changed'], limit: 10 });
    return events.length > 0 ? events : notYet(events);
  });
  expect(changed).toMatchObject([{ actor: 'engine', sections: ['slots', 'redact'] }]);
  expect((await engine.call('getStatus', {})).slots.total).toBe(5);
  expect(await engine.call('getSettings', {})).toMatchObject({ needsRestart: true, restartSections: ['redact'] });
});

test('R48 a broken file is shown as degraded, never written over, and survived by a restart', async () => {
  const { engine, path, health } = await openEngine();
  writeFileSync(path, broken);
  const line = `The settings ${path} are not valid, line 2, column 23: slots.total must be at least 1. The settings that were good last hold.`;
  const shown = () =>
    until('the fault in health', async () => ((await health()).includes(line) ? true : notYet(await health())));
  await shown();
  await engine.park();
  await engine.reopen();
  await shown();
  expect((await engine.call('getStatus', {})).slots.total).toBe(2);
  expect((await engine.call('runDoctor', {})).findings).toContainEqual(
    expect.objectContaining({ check: 'settings', status: 'warning' }),
  );
  expect(readFileSync(path, 'utf8')).toBe(broken);
  writeFileSync(path, '{"slots": {"total": 3}}');
  await until('health without it', async () => ((await health()).length === 0 ? true : notYet(await health())));
  expect((await engine.call('getStatus', {})).slots.total).toBe(3);
});

test('R41 a broken file that nothing good came before refuses the start', async () => {
  const { engine, path } = await openEngine();
  const good = join(engine.dataFolder, 'settings.good.json');
  const isKept = () => existsSync(good) || undefined;
  await until('what is good to be kept', isKept);
  await engine.park();
  writeFileSync(path, broken);
  rmSync(good);
  await expect(engine.reopen()).rejects.toThrow('line 2, column 23');
  rmSync(path);
  await engine.reopen();
  expect((await engine.call('getStatus', {})).slots.total).toBe(16);
  await until('what is good to be kept', isKept);
});
