import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import { SavedSettings } from '../../src-main/engine/saved-settings.ts';
import { settingsPath } from '../../src-main/engine/settings-file.ts';
import { systemClock } from '../../src-main/engine/system-clock.ts';
import { SettingsWatch } from '../../src-main/engine/watch-settings.ts';
import { makeFolder, removeFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { notYet, until } from '../support/until.ts';

function watched(path: string) {
  const seen = { changes: 0, troubles: [] as (string | null)[] };
  const watch = new SettingsWatch({
    path,
    clock: systemClock,
    changed: () => {
      seen.changes += 1;
    },
    trouble: (reason) => void seen.troubles.push(reason),
  });
  onTestFinished(() => watch.close());
  const another = async (what: string, act: () => void) => {
    const before = seen.changes;
    act();
    await until(what, () => (seen.changes > before ? true : notYet(seen)));
  };
  return { seen, watch, another };
}

/** As most editors do. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

describe('R41 changes of the settings file by hand', () => {
  it('are noticed however an editor writes, again and again', async () => {
    const path = settingsPath(temporaryFolder());
    const { seen, another } = watched(path);
    await another('made', () => writeFileSync(path, '{}'));
    await another('written', () => writeFileSync(path, '{ }'));
    await another('replaced', () => replace(path, '{"slots": {}}'));
    await another('replaced again', () => replace(path, '{}'));
    await another('appended to', () => appendFileSync(path, '\n'));
    await another('moved away and made anew', () => {
      renameSync(path, `${path}~`);
      writeFileSync(path, '{}');
    });
    await another('written after that', () => writeFileSync(path, '{ }'));
    await another('removed', () => rmSync(path));
    await another('made again', () => writeFileSync(path, '{}'));
    expect(seen.troubles).toEqual([]);
  });

  it('are noticed behind a link', async () => {
    const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(elsewhere, 'mine.json'), '{}');
    symlinkSync(join(elsewhere, 'mine.json'), settingsPath(folder));
    const { seen, another } = watched(settingsPath(folder));
    await another('written', () => writeFileSync(join(elsewhere, 'mine.json'), '{ }'));
    await another('replaced', () => replace(join(elsewhere, 'mine.json'), '{}'));
    expect(seen.troubles).toEqual([]);
  });

  it('are told once for all that an editor does at one time, and not of what else is written there', async () => {
    const folder = temporaryFolder();
    const path = settingsPath(folder);
    writeFileSync(path, '{}');
    const { seen, another } = watched(path);
    writeFileSync(join(folder, 'signalbox.db-wal'), 'x');
    await another('written ten times', () => {
      for (let time = 0; time < 10; time += 1) writeFileSync(path, `{}${' '.repeat(time)}`);
    });
    expect(seen.changes).toBe(1);
  });

  it('R48 are not noticed where there is nothing to watch, which is told once; a later look tries again', async () => {
    const folder = join(temporaryFolder(), 'not-there');
    const { seen, watch, another } = watched(settingsPath(folder));
    watch.look();
    watch.look();
    expect(seen.troubles).toEqual([expect.stringContaining('ENOENT')]);
    mkdirSync(folder);
    watch.look();
    expect(seen.troubles).toEqual([expect.stringContaining('ENOENT'), null]);
    await another('made', () => writeFileSync(settingsPath(folder), '{}'));
  });

  it('are not told once the watch is closed', async () => {
    const path = settingsPath(temporaryFolder());
    writeFileSync(path, '{}');
    const { seen, watch } = watched(path);
    const other = watched(path);
    await other.another('written', () => {
      writeFileSync(path, '{ }');
      watch.close();
    });
    expect(seen.changes).toBe(0);
  });
});

const defaults = settingsSchema.parse({});

function openWatching(folder: string) {
  const told: unknown[] = [];
  const troubles = new Map<string, string>();
  const settings = new SavedSettings({
    dataFolder: folder,
    atStart: { settings: defaults, problem: null },
    refusePattern: () => null,
    clock: systemClock,
    logger: { warn: () => {} },
    report: (part, trouble) => {
      if (trouble === null) troubles.delete(part);
      else troubles.set(part, trouble.message);
    },
  });
  settings.onChange(async (sections, actor) => void told.push([actor, ...sections]));
  onTestFinished(settings.watch());
  return { settings, told, troubles };
}

describe('R41 an engine that runs', () => {
  it('applies what is changed by hand at once, and goes on with what was good when it is broken', async () => {
    const folder = temporaryFolder();
    const { settings, told, troubles } = openWatching(folder);
    const total = (wanted: number) =>
      until(`${wanted} slots`, () => (settings.inForce.slots.total === wanted ? true : notYet(settings.inForce.slots)));
    writeFileSync(settingsPath(folder), '{"slots": {"total": 3}, "redact": ["x+"]}');
    await total(3);
    expect(settings.inForce.redact).toEqual([]);
    expect(await settings.view()).toMatchObject({ restartSections: ['redact'] });
    writeFileSync(settingsPath(folder), '{"slots": {"total": ');
    await until('trouble', () => troubles.get('settings'));
    expect(settings.inForce.slots.total).toBe(3);
    writeFileSync(settingsPath(folder), '{"slots": {"total": 4}}');
    await total(4);
    expect(troubles.size).toBe(0);
    rmSync(settingsPath(folder));
    await total(defaults.slots.total);
    await until('the third change', () => (told.length === 3 ? true : notYet(told)));
    expect(told).toEqual([
      ['engine', 'slots', 'redact'],
      ['engine', 'slots', 'redact'],
      ['engine', 'slots'],
    ]);
  });

  it('finds its own saves in the file, and nothing new in them', async () => {
    const folder = temporaryFolder();
    const { settings, told } = openWatching(folder);
    await settings.save({ ...defaults, slots: { total: 2, perType: {} } });
    writeFileSync(settingsPath(folder), '{"slots": {"total": 3}}');
    await until('the change by hand', () => (told.length > 1 ? true : notYet(told)));
    expect(told).toEqual([
      ['person', 'slots'],
      ['engine', 'slots'],
    ]);
  });

  it('R48 says once when changes are not noticed by themselves, and applies them when it is asked', async () => {
    const folder = makeFolder();
    removeFolder(folder);
    const { settings, troubles } = openWatching(folder);
    expect(troubles.get('settings watch')).toContain('by hand are not noticed by themselves');
    mkdirSync(folder);
    onTestFinished(() => removeFolder(folder));
    writeFileSync(settingsPath(folder), '{"slots": {"total": 3}}');
    await settings.view();
    expect(settings.inForce.slots.total).toBe(3);
    expect(troubles.has('settings watch')).toBe(false);
  });
});
