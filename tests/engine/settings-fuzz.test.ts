import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Result } from '../../src-main/contract/result.ts';
import type { Settings } from '../../src-main/contract/settings.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import { SavedSettings } from '../../src-main/engine/saved-settings.ts';
import { parseSettings, readSettings, settingsPath } from '../../src-main/engine/settings-file.ts';
import { renderSettings } from '../../src-main/engine/settings-kept.ts';
import { anySettings } from '../support/any-settings.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Good settings, or an error that says where in the text which field is wrong. */
function expectAnswer(result: Result<Settings, ApiError>, text: string): void {
  if (result.ok) {
    expect(settingsSchema.parse(result.value)).toEqual(result.value);
    return;
  }
  const { message, problems = [], field, remedy } = result.error;
  expect(problems.length).toBeGreaterThan(0);
  const lines = text.split('\n');
  for (const { line, column, path } of problems) {
    expect(path).not.toBe('');
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
  }
  expect(message).toContain(`line ${problems[0]?.line}, column ${problems[0]?.column}`);
  expect(field).toBe(problems[0]?.path);
  expect(remedy).not.toBe('');
}

/** Every way to say where something is in a value. */
function pathsOf(value: unknown, path: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => pathsOf(part, [...path, key]))];
}

/** A copy with something else, or nothing (undefined), at a path. */
function withAt(value: unknown, [name, ...rest]: readonly PropertyKey[], put: unknown): unknown {
  if (name === undefined) return put;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<PropertyKey, unknown>;
  copy[name] = withAt(copy[name], rest, put);
  return copy;
}

const spoilings = ['flip', 'cut', 'twice', 'BOM', 'CRLF'] as const;

/** What may become of a file; `at` is any number, of which a place in it is made. */
function spoiled(bytes: Buffer, kind: (typeof spoilings)[number], at: number, bit: number): Buffer {
  const place = at % bytes.length;
  switch (kind) {
    case 'flip':
      return Buffer.from(bytes.map((byte, index) => (index === place ? byte ^ (1 << bit) : byte)));
    case 'cut':
      return bytes.subarray(0, place);
    case 'twice':
      return Buffer.concat([bytes, bytes]);
    case 'BOM':
      return Buffer.concat([Buffer.from('\uFEFF'), bytes]);
    case 'CRLF':
      return Buffer.from(bytes.toString().replaceAll('\n', '\r\n'));
  }
}

describe('R41 whatever a settings file holds, it is read, or its fault is named with line, column and field', () => {
  test('any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.stringMatching(/^[\]"{},:[0-9a-e.+\\ \r\n-]{0,60}$/),
    );
    fc.assert(
      fc.property(text, (any) => expectAnswer(parseSettings('s', any), any)),
      { numRuns: 2_000 },
    );
  });

  test('any JSON, also under the names of settings', () => {
    const names = [...Object.keys(settingsSchema.shape), 'maxInterruptions', '__proto__', 'constructor', 'toString'];
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 3 })),
    );
    fc.assert(
      fc.property(value, (any) => {
        const text = JSON.stringify(any, null, 1);
        expectAnswer(parseSettings('s', text), text);
      }),
      { numRuns: 1_000 },
    );
  });

  test('valid settings with something left out or put in the place of a value', () => {
    const put = fc.oneof(fc.constant(undefined), fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(anySettings, fc.nat(), put, (settings, at, other) => {
        const paths = pathsOf(settings);
        const changed = withAt(settings, paths[at % paths.length] ?? [], other);
        const text = JSON.stringify(changed, null, 2) ?? '';
        expectAnswer(parseSettings('s', text), text);
      }),
    );
  });

  test('a valid file with a byte flipped, cut off, or written twice', async () => {
    const folder = temporaryFolder();
    const change = fc.record({
      at: fc.nat(),
      bit: fc.nat(7),
      kind: fc.constantFrom(...spoilings),
    });
    await fc.assert(
      fc.asyncProperty(anySettings, change, async (settings, { at, bit, kind }) => {
        const written = spoiled(Buffer.from(renderSettings(settings)), kind, at, bit);
        writeFileSync(settingsPath(folder), written);
        const read = await readSettings(folder);
        expectAnswer(read, written.toString('utf8'));
        if (kind === 'BOM' || kind === 'CRLF') expect(read).toEqual({ ok: true, value: settings });
        if (kind === 'twice') expect(read.ok).toBe(false);
        expect(readFileSync(settingsPath(folder))).toEqual(written);
      }),
    );
  });

  test.each<[string, string]>([
    ['lists in lists, deeper than any stack', '['.repeat(500_000)],
    ['closed ones', '['.repeat(300_000) + ']'.repeat(300_000)],
    ['objects in objects', '{"slots":'.repeat(100_000)],
    ['a text of a mebibyte that never ends', `{"redact": ["${'x'.repeat(1_000_000)}`],
    ['a name of a mebibyte', `{"${'x'.repeat(1_000_000)}": 1}`],
    ['a number of many digits', `{"slots": {"total": ${'9'.repeat(100_000)}}}`],
    ['a number that is infinite', '{"slots": {"total": 1e999}}'],
    ['a version beyond all numbers', '{"version": 1e999}'],
    ['a field that every object has', '{"__proto__": {"slots": 1}, "slots": {"__proto__": 2}}'],
  ])('%s', (_what, text) => {
    expectAnswer(parseSettings('s', text), text);
    expect(parseSettings('s', text).ok).toBe(false);
  });

  test('of a name that stands twice the last one counts, as everywhere in JSON', () => {
    const text = '{"slots": {"total": 0},\n "slots": {"total": 3, "total": 4}}';
    expect(parseSettings('s', text)).toMatchObject({ ok: true, value: { slots: { total: 4 } } });
    expect(parseSettings('s', '{"slots": {},\n "slots": {"total": 0}}')).toMatchObject({
      error: { problems: [{ line: 2, column: 21, path: 'slots.total' }] },
    });
  });

  test.each<[string, Buffer, object]>([
    ['10 MB', Buffer.alloc(10_000_000, '[1,'), { line: 1, column: 1, message: 'settings are larger than 1 MiB' }],
    ['UTF-16', Buffer.from('\uFEFF{}', 'utf16le'), { line: 1, column: 1, message: 'settings are not UTF-8 here' }],
    [
      'one byte of Latin 1',
      Buffer.from('{\n "redact": ["caf\xe9"]}', 'latin1'),
      { line: 2, column: 17, message: 'settings are not UTF-8 here' },
    ],
  ])('%s', async (_what, bytes, problem) => {
    const folder = temporaryFolder();
    writeFileSync(settingsPath(folder), bytes);
    expect(await readSettings(folder)).toMatchObject({ ok: false, error: { problems: [problem] } });
  });

  test('what is no file is not waited for', async () => {
    const folder = temporaryFolder();
    mkdirSync(settingsPath(folder));
    expect(await readSettings(folder)).toMatchObject({
      ok: false,
      error: { message: `The settings ${settingsPath(folder)} cannot be read: it is not a file.` },
    });
  });
});

function open(folder: string): SavedSettings {
  return new SavedSettings({
    dataFolder: folder,
    atStart: { settings: settingsSchema.parse({}), problem: null },
    refusePattern: () => null,
    clock: new ManualClock(),
    logger: { warn: () => {} },
    report: () => {},
  });
}

describe('R41 what is saved', () => {
  test('is what is read', async () => {
    const folder = temporaryFolder();
    const saved = open(folder);
    await fc.assert(
      fc.asyncProperty(anySettings, async (settings) => {
        const { $schema: before } = saved.inForce;
        const wanted =
          settings.$schema === undefined && before !== undefined ? { ...settings, $schema: before } : settings;
        expect(await saved.save(settings)).toMatchObject({ ok: true });
        expect(await readSettings(folder)).toEqual({ ok: true, value: wanted });
      }),
      { numRuns: 50 },
    );
  });

  test('and what is written by hand meanwhile is never half a file', async () => {
    const folder = temporaryFolder();
    const saved = open(folder);
    const byHand = (settings: Settings) => {
      writeFileSync(join(folder, 'by-hand'), renderSettings(settings));
      renameSync(join(folder, 'by-hand'), settingsPath(folder));
    };
    await fc.assert(
      fc.asyncProperty(fc.array(anySettings, { minLength: 3, maxLength: 6 }), async (all) => {
        const saves = all.map((settings, index) => {
          if (index % 3 === 2) byHand(settings);
          return saved.save(settings);
        });
        const reads = await Promise.all([...saves.map(() => readSettings(folder)), saved.view(), saved.view()]);
        await Promise.all(saves);
        for (const read of reads) expect('ok' in read ? read.ok : read.problem === null).toBe(true);
        expect(await readSettings(folder)).toMatchObject({ ok: true });
        expect(readdirSync(folder).filter((name) => name.endsWith('.saving'))).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});
