import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ok } from '../../src-main/contract/result.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createFakeCli } from './fake-context.ts';

const settings = settingsSchema.parse({ slots: { total: 3, perType: { claude: 2 } }, redact: ['x+'] });
const view = { settings, path: '/data/settings.json', problem: null, needsRestart: true, restartSections: ['redact'] };
const fault = {
  severity: 'error',
  line: 2,
  column: 5,
  path: 'slots.total',
  message: 'slots.total must be a number',
} as const;

describe('R41 signalbox settings', () => {
  it('shows the file, every value, and what holds only after a restart', async () => {
    const cli = createFakeCli({ handlers: { getSettings: async () => ok(view) } });
    expect(await cli.run('settings')).toBe(0);
    const lines = cli.lines();
    expect(lines[0]).toBe('/data/settings.json');
    expect(lines).toContainEqual(expect.stringMatching(/^slots\.total +3$/));
    expect(lines).toContainEqual(expect.stringMatching(/^slots\.perType +\{"claude":2\}$/));
    expect(lines).toContainEqual(expect.stringMatching(/^redact +\["x\+"\] +once the engine was started again$/));
    expect(lines.filter((line) => line.includes('started again'))).toHaveLength(1);
    expect(cli.printed.out).not.toMatch(/^(version|\$schema)/m);
  });

  it.each([
    [{ problems: [fault] }, '/data/settings.json:2:5: ✗ error: slots.total must be a number'],
    [{}, '✗ The settings cannot be read.'],
  ])('names the faults of the file, and ends with 2', async (extra, line) => {
    const problem = {
      type: 'invalidInput',
      message: 'The settings cannot be read.',
      remedy: 'Mend it.',
      ...extra,
    } as const;
    const cli = createFakeCli({
      handlers: { getSettings: async () => ok({ ...view, problem: structuredClone(problem) as never }) },
    });
    expect(await cli.run('settings', 'show')).toBe(2);
    expect(cli.lines().slice(-3)).toEqual([line, 'The settings that were good last hold.', '  → Mend it.']);
  });

  it('prints what the engine says as JSON', async () => {
    const cli = createFakeCli({ handlers: { getSettings: async () => ok(view) } });
    expect(await cli.run('settings', '--json')).toBe(0);
    expect(JSON.parse(cli.printed.out)).toEqual(view);
  });
});

describe('R41 signalbox settings check', () => {
  it('names line, column and field of every fault, without an engine', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'settings.json'), '{\n "slots": {"total": 0},\n "colour": 1\n}');
    const cli = createFakeCli({ cwd });
    expect(await cli.run('settings', 'check')).toBe(2);
    expect(cli.lines()).toEqual([
      `${join(cwd, 'settings.json')}:2:21: ✗ error: slots.total must be at least 1`,
      `${join(cwd, 'settings.json')}:3:12: ✗ error: colour is not known`,
    ]);
    const json = createFakeCli({ cwd });
    expect(await json.run('settings', 'check', 'settings.json', '--json')).toBe(2);
    expect(JSON.parse(json.printed.out)).toMatchObject({ problems: [{ path: 'slots.total' }, { path: 'colour' }] });
    expect([...cli.reaches, ...json.reaches]).toEqual([]);
  });

  it('says when all is well, and when there is no file', async () => {
    const cwd = temporaryFolder();
    const none = createFakeCli({ cwd });
    expect(await none.run('settings', 'check')).toBe(0);
    expect(none.lines()).toEqual([`There is no ${join(cwd, 'settings.json')}: the defaults hold.`]);
    writeFileSync(join(cwd, 'settings.json'), '{"maxInterruptions": 2}');
    const cli = createFakeCli({ cwd });
    expect(await cli.run('settings', 'check')).toBe(0);
    expect(cli.lines()).toEqual([`✓ ${join(cwd, 'settings.json')} is valid.`]);
    const missing = createFakeCli({ cwd });
    expect(await missing.run('settings', 'check', 'typo.json')).toBe(2);
    expect(missing.printed.err).toContain('There is no settings file');
  });

  it('checks the settings of a project by what a project may say', async () => {
    const cwd = temporaryFolder();
    const path = join(cwd, '.signalbox', 'settings.json');
    mkdirSync(join(cwd, '.signalbox'));
    writeFileSync(path, '{"slots": {}}');
    const cli = createFakeCli({ cwd });
    expect(await cli.run('settings', 'check', '.signalbox/settings.json')).toBe(2);
    expect(cli.lines()).toEqual([`${path}:1:11: ✗ error: slots is not known`]);
    writeFileSync(path, '{');
    expect(await createFakeCli({ cwd }).run('settings', 'check', path)).toBe(2);
    writeFileSync(path, '{"restart": {"maxInterruptions": 1}}');
    expect(await createFakeCli({ cwd }).run('settings', 'check', path)).toBe(0);
  });

  it('says why a file cannot be read', async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'settings.json'));
    const cli = createFakeCli({ cwd });
    expect(await cli.run('settings', 'check')).toBe(2);
    expect(cli.printed.err).toContain('it is not a file');
  });
});

describe('signalbox settings schema', () => {
  it.each([
    [[], 'slots'],
    [['--project'], 'watchdog'],
  ])('prints the schema for editors %j', async (options, section) => {
    const cli = createFakeCli();
    expect(await cli.run('settings', 'schema', ...options)).toBe(0);
    const schema = JSON.parse(cli.printed.out);
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
    expect(Object.keys(schema.properties)).toContain(section);
    expect(cli.reaches).toEqual([]);
  });
});
