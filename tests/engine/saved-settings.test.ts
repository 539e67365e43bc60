import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src-main/contract/settings.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import { SavedSettings } from '../../src-main/engine/saved-settings.ts';
import { readSettings, settingsPath } from '../../src-main/engine/settings-file.ts';
import { keptSettingsPath, settingsAtStart } from '../../src-main/engine/settings-kept.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const defaults = settingsSchema.parse({});

/** Settings of an engine whose clock stands still: nothing is noticed but by looking. */
function open(folder: string, settings: Settings = defaults) {
  const told: unknown[] = [];
  const reports: unknown[] = [];
  const warnings: string[] = [];
  const saved = new SavedSettings({
    dataFolder: folder,
    atStart: { settings, problem: null },
    refusePattern: (pattern) => (pattern === '(' ? 'The pattern ( is not used.' : null),
    clock: new ManualClock(),
    logger: { warn: (message) => void warnings.push(message) },
    report: (part, trouble) => void reports.push([part, trouble?.message ?? null]),
  });
  saved.onChange(async (sections, actor) => void told.push([actor, ...sections]));
  return Object.assign(saved, { told, reports, warnings });
}

async function save(settings: SavedSettings, change: Partial<Settings>) {
  const saved = await settings.save({ ...defaults, ...change });
  if (!saved.ok) throw new Error(saved.error.message);
  return saved.value;
}

function slots(total: number): Settings['slots'] {
  return { total, perType: {} };
}

describe('R41 settings of an engine that runs', () => {
  it('are the defaults without a file', async () => {
    const folder = temporaryFolder();
    expect(await open(folder).view()).toEqual({
      settings: defaults,
      path: settingsPath(folder),
      problem: null,
      needsRestart: false,
      restartSections: [],
    });
  });

  it('are written to the file as a whole, and what can be applied at once is', async () => {
    const folder = temporaryFolder();
    const settings = open(folder);
    const { inForce } = settings;
    const change = {
      slots: { total: 2, perType: { tester: 1 } },
      restart: { ...defaults.restart, maxInterruptions: 9 },
    };
    expect(await save(settings, change)).toMatchObject({ settings: change, needsRestart: false });
    expect(inForce).toMatchObject({ ...change, heartbeat: defaults.heartbeat });
    expect({ ...inForce }).toEqual({ ...defaults, ...change });
    expect(await readSettings(folder)).toEqual({ ok: true, value: { ...defaults, ...change } });
    expect(readdirSync(folder).sort()).toEqual(['settings.good.json', 'settings.json']);
    expect(settings.told).toEqual([['person', 'slots', 'restart']]);
  });

  it('say which hold only after a restart, and then do', async () => {
    const folder = temporaryFolder();
    const settings = open(folder);
    const heartbeat = { intervalMs: 5_000, staleMs: 50_000 };
    expect(await save(settings, { heartbeat, redact: ['x+'] })).toMatchObject({
      needsRestart: true,
      restartSections: ['heartbeat', 'redact'],
    });
    expect(settings.inForce).toMatchObject({ heartbeat: defaults.heartbeat, redact: [] });
    const again = await readSettings(folder);
    if (!again.ok) throw new Error(again.error.message);
    const restarted = open(folder, again.value);
    expect(restarted.inForce.heartbeat).toEqual(heartbeat);
    expect(await restarted.view()).toMatchObject({ needsRestart: false, restartSections: [] });
  });

  it('tell nobody of a save that changes nothing', async () => {
    const settings = open(temporaryFolder());
    await save(settings, {});
    await save(settings, { $schema: './settings.schema.json' });
    expect(settings.told).toEqual([]);
  });

  it('keep the schema that a person named, unless another is given', async () => {
    const folder = temporaryFolder();
    writeFileSync(settingsPath(folder), '{"$schema": "./mine.json"}');
    const settings = open(folder);
    expect((await save(settings, { slots: slots(3) })).settings.$schema).toBe('./mine.json');
    expect(readFileSync(settingsPath(folder), 'utf8')).toMatch(
      /^\{\n {2}"\$schema": "\.\/mine\.json",\n {2}"version": 2,/,
    );
    expect((await save(settings, { $schema: './other.json' })).settings.$schema).toBe('./other.json');
  });

  it('bring an older file up only when they are saved', async () => {
    const folder = temporaryFolder();
    const old = '{"maxInterruptions": 7}';
    writeFileSync(settingsPath(folder), old);
    const settings = open(folder);
    expect((await settings.view()).settings.restart.maxInterruptions).toBe(7);
    expect(readFileSync(settingsPath(folder), 'utf8')).toBe(old);
    await save(settings, settings.inForce);
    const written: unknown = JSON.parse(readFileSync(settingsPath(folder), 'utf8'));
    expect(written).toMatchObject({ version: 2, restart: { maxInterruptions: 7 } });
    expect(written).not.toHaveProperty('maxInterruptions');
  });

  it('never overwrite a file that has faults: what was good last goes on to hold', async () => {
    const folder = temporaryFolder();
    const settings = open(folder);
    writeFileSync(settingsPath(folder), '{"slots": oops}');
    expect(await settings.view()).toMatchObject({
      settings: defaults,
      problem: { type: 'invalidInput', problems: [{ line: 1, column: 11 }] },
    });
    expect(await settings.save({ ...defaults, slots: slots(9) })).toMatchObject({
      ok: false,
      error: { type: 'refused', remedy: 'Correct the file, or move it away; then save again.' },
    });
    expect(readFileSync(settingsPath(folder), 'utf8')).toBe('{"slots": oops}');
    expect(settings.inForce.slots).toEqual(defaults.slots);
  });

  it('R48 are in trouble once while the file has a fault, and out of it once it is mended', async () => {
    const folder = temporaryFolder();
    const settings = open(folder);
    writeFileSync(settingsPath(folder), '{"slots": {"total": 0}}');
    await settings.view();
    await settings.view();
    await settings.save(defaults);
    const message = `The settings ${settingsPath(folder)} are not valid, line 1, column 21: slots.total must be at least 1. The settings that were good last hold.`;
    expect(settings.reports).toEqual([['settings', message]]);
    expect(settings.warnings).toEqual([message]);
    writeFileSync(settingsPath(folder), '{"slots": {"total": 1}}');
    expect((await settings.view()).problem).toBeNull();
    expect(settings.reports).toEqual([
      ['settings', message],
      ['settings', null],
    ]);
    expect(settings.inForce.slots.total).toBe(1);
    expect(settings.told).toEqual([['engine', 'slots']]);
  });

  it('R48 keep beside them what was good last, for a start with a faulty file', async () => {
    const folder = temporaryFolder();
    await save(open(folder), { slots: slots(4) });
    expect(statSync(keptSettingsPath(folder)).mode & 0o777).toBe(0o600);
    const { ino } = statSync(keptSettingsPath(folder));
    const settings = open(folder, { ...defaults, slots: slots(4) });
    await save(settings, { slots: slots(4) });
    expect(statSync(keptSettingsPath(folder)).ino).toBe(ino);
    writeFileSync(settingsPath(folder), '{');
    expect(await settingsAtStart(folder)).toMatchObject({
      ok: true,
      value: { settings: { slots: slots(4) }, problem: { problems: [{ line: 1, column: 2 }] } },
    });
    expect(readFileSync(settingsPath(folder), 'utf8')).toBe('{');
  });

  it.each(['{', '{"slots": 1}'])(
    'refuse the start with a faulty file when what is kept is faulty too: %s',
    async (kept) => {
      const folder = temporaryFolder();
      writeFileSync(settingsPath(folder), 'oops');
      expect(await settingsAtStart(folder)).toMatchObject({ ok: false, error: { field: 'settings' } });
      writeFileSync(keptSettingsPath(folder), kept);
      expect(await settingsAtStart(folder)).toMatchObject({ ok: false, error: { field: 'settings' } });
    },
  );

  it('R48 hold also when they cannot be kept, which health shows until they can', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'settings.good.json.saving'));
    const settings = open(folder);
    await save(settings, { slots: slots(4) });
    expect(settings.inForce.slots.total).toBe(4);
    expect(settings.reports).toEqual([['last good settings', expect.stringContaining('cannot be kept in')]]);
    rmSync(join(folder, 'settings.good.json.saving'), { recursive: true, force: true });
    await save(settings, { slots: slots(5) });
    expect(settings.reports.at(-1)).toEqual(['last good settings', null]);
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
    await save(open(folder), { slots: slots(7) });
    expect(lstatSync(settingsPath(folder)).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(elsewhere, 'mine.json'), 'utf8')).toContain('"total": 7');
  });

  it('say why they cannot be written, and leave nothing behind', async () => {
    const folder = temporaryFolder();
    symlinkSync(join(folder, 'missing', 'settings.json'), settingsPath(folder));
    chmodSync(folder, 0o755);
    const settings = open(folder);
    symlinkSync(folder, join(folder, 'settings.json.saving'));
    expect(await settings.save(defaults)).toMatchObject({ ok: false, error: { type: 'unavailable' } });
    expect(settings.told).toEqual([]);
  });

  it('are saved one after the other, the last one last', async () => {
    const folder = temporaryFolder();
    const settings = open(folder);
    await Promise.all([1, 2, 3, 4].map((total) => save(settings, { slots: slots(total) })));
    expect(settings.inForce.slots.total).toBe(4);
    expect(await settings.view()).toMatchObject({ settings: { slots: slots(4) }, needsRestart: false });
    expect(settings.told).toHaveLength(4);
  });
});
