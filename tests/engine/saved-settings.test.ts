import { chmodSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src-main/contract/settings.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import { SavedSettings } from '../../src-main/engine/saved-settings.ts';
import { readSettings, settingsPath } from '../../src-main/engine/settings-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const defaults = settingsSchema.parse({});

function open(folder: string, atStart: Settings = defaults) {
  return new SavedSettings({
    dataFolder: folder,
    atStart,
    refusePattern: (pattern) => (pattern === '(' ? 'The pattern ( is not used.' : null),
  });
}

async function save(settings: SavedSettings, change: Partial<Settings>) {
  const saved = await settings.save({ ...defaults, ...change });
  if (!saved.ok) throw new Error(saved.error.message);
  return saved.value;
}

describe('R41 settings of an engine that runs', () => {
  it('are the defaults without a file', async () => {
    const folder = temporaryFolder();
    expect(await open(folder).view()).toEqual({
      settings: defaults,
      path: settingsPath(folder),
      problem: null,
      needsRestart: false,
    });
  });

  it('are written to the file as a whole, and what can be applied at once is', async () => {
    const folder = temporaryFolder();
    const settings = open(folder);
    const { inForce } = settings;
    const slots = { total: 2, perType: { tester: 1 } };
    const saved = await save(settings, { slots, maxInterruptions: 9 });
    expect(saved).toMatchObject({ settings: { slots, maxInterruptions: 9 }, needsRestart: false });
    expect(inForce).toMatchObject({ slots, maxInterruptions: 9, heartbeat: defaults.heartbeat });
    expect(await readSettings(folder)).toEqual({ ok: true, value: { ...defaults, slots, maxInterruptions: 9 } });
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  it('say when they hold only after a restart, and then do', async () => {
    const folder = temporaryFolder();
    const settings = open(folder);
    const heartbeat = { intervalMs: 5_000, staleMs: 50_000 };
    expect(await save(settings, { heartbeat, redact: ['x+'] })).toMatchObject({ needsRestart: true });
    expect(settings.inForce).toMatchObject({ heartbeat: defaults.heartbeat, redact: [] });
    const again = await readSettings(folder);
    if (!again.ok) throw new Error(again.error.message);
    const restarted = open(folder, again.value);
    expect(restarted.inForce.heartbeat).toEqual(heartbeat);
    expect(await restarted.view()).toMatchObject({ needsRestart: false });
  });

  it('never overwrite a file that has faults: what was good last goes on to hold', async () => {
    const folder = temporaryFolder();
    const settings = open(folder);
    writeFileSync(settingsPath(folder), '{"slots": oops}');
    expect(await settings.view()).toMatchObject({
      settings: defaults,
      problem: { type: 'invalidInput', problems: [{ line: 1, column: 11 }] },
    });
    expect(await settings.save({ ...defaults, maxInterruptions: 9 })).toMatchObject({
      ok: false,
      error: { type: 'refused', remedy: 'Correct the file, or move it away; then save again.' },
    });
    expect(readFileSync(settingsPath(folder), 'utf8')).toBe('{"slots": oops}');
    expect(settings.inForce.maxInterruptions).toBe(defaults.maxInterruptions);
  });

  it('refuse a pattern that cannot be used, and name it', async () => {
    const folder = temporaryFolder();
    expect(await open(folder).save({ ...defaults, redact: ['x', '('] })).toMatchObject({
      ok: false,
      error: { field: 'settings.redact[1]', message: 'The pattern ( is not used.' },
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keep a link to a file elsewhere a link', async () => {
    const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(elsewhere, 'mine.json'), '{}');
    symlinkSync(join(elsewhere, 'mine.json'), settingsPath(folder));
    await save(open(folder), { maxInterruptions: 7 });
    expect(lstatSync(settingsPath(folder)).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(elsewhere, 'mine.json'), 'utf8')).toContain('"maxInterruptions": 7');
  });

  it('say why they cannot be written, and leave nothing behind', async () => {
    const folder = temporaryFolder();
    symlinkSync(join(folder, 'missing', 'settings.json'), settingsPath(folder));
    chmodSync(folder, 0o755);
    const settings = open(folder);
    symlinkSync(folder, join(folder, 'settings.json.saving'));
    expect(await settings.save(defaults)).toMatchObject({ ok: false, error: { type: 'unavailable' } });
  });

  it('are saved one after the other, the last one last', async () => {
    const folder = temporaryFolder();
    const settings = open(folder);
    await Promise.all([1, 2, 3, 4].map((maxInterruptions) => save(settings, { maxInterruptions })));
    expect(settings.inForce.maxInterruptions).toBe(4);
    expect(await settings.view()).toMatchObject({ settings: { maxInterruptions: 4 }, needsRestart: false });
  });
});
