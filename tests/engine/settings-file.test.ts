import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import type { Position } from '../../src-main/engine/json-position.ts';
import { locateJson } from '../../src-main/engine/json-position.ts';
import { readSettings, settingsPath } from '../../src-main/engine/settings-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function read(text: string) {
  const folder = temporaryFolder();
  writeFileSync(settingsPath(folder), text);
  const result = await readSettings(folder);
  expect(readFileSync(settingsPath(folder), 'utf8')).toBe(text);
  return { result, path: settingsPath(folder) };
}

test('R41 without a file the defaults hold', async () => {
  expect(await readSettings(temporaryFolder())).toEqual({ ok: true, value: settingsSchema.parse({}) });
});

test('what the file says is taken, the rest stays as it is by default', async () => {
  const { result } = await read('\uFEFF{"slots":{"total":3},"redact":["x+"]}');
  const expected = { ...settingsSchema.parse({}), slots: { total: 3, perType: {} }, redact: ['x+'] };
  expect(result).toEqual({ ok: true, value: expected });
});

describe('R41 a file of another version', () => {
  test.each([
    ['{"maxInterruptions": 7}', 7, 5],
    ['{"version": 1, "maxInterruptions": 7, "restart": {"maxCrashes": 2}}', 7, 2],
    ['{"version": 1, "restart": {"maxInterruptions": 3}}', 3, 5],
    ['{"version": 2, "restart": {"maxInterruptions": 3}}', 3, 5],
    ['{}', 5, 5],
  ])('is brought up as it is read: %s', async (text, maxInterruptions, maxCrashes) => {
    const { result } = await read(text);
    expect(result).toMatchObject({ ok: true, value: { version: 2, restart: { maxInterruptions, maxCrashes } } });
  });

  test.each([
    ['{\n "maxInterruptions": "x"}', 2, 22, 'maxInterruptions', 'maxInterruptions must be a number'],
    ['{"maxInterruptions": 0, "restart": {}}', 1, 22, 'maxInterruptions', 'maxInterruptions must be at least 1'],
    [
      '{"maxInterruptions": 1, "restart": {"maxInterruptions": 2}}',
      1,
      22,
      'maxInterruptions',
      'maxInterruptions is not known',
    ],
    ['{"version": 2, "maxInterruptions": 1}', 1, 36, 'maxInterruptions', 'maxInterruptions is not known'],
    ['{"version": 0}', 1, 13, 'version', 'version must be a whole number from 1 to 2'],
    ['{"version": "2"}', 1, 13, 'version', 'version must be a whole number from 1 to 2'],
    ['{"version": 3, "new": 1}', 1, 13, 'version', 'version is 3, and this Signalbox reads versions up to 2'],
  ])('has its faults named as they stand in it: %s', async (text, line, column, field, message) => {
    const { result } = await read(text);
    expect(result).toMatchObject({ ok: false, error: { field, problems: [{ line, column, path: field, message }] } });
  });

  test('with two faults in one place has both named', async () => {
    const { result } = await read('{"maxInterruptions": 1, "restart": 5}');
    expect(result).toMatchObject({ error: { problems: [{ path: 'restart' }, { path: 'maxInterruptions' }] } });
  });

  test('that is newer says what can read it', async () => {
    const { result } = await read('{"version": 3}');
    const remedy = 'Use the newer Signalbox that wrote the file, or move it away to go on with the defaults.';
    expect(result).toMatchObject({ ok: false, error: { remedy } });
  });
});

describe('R41 a file with a fault is refused with line, column, field and remedy, and left as it is', () => {
  test.each([
    ['{"slots":{"total":0}}', 1, 19, 'slots.total', 'slots.total must be at least 1'],
    ['{\n  "slots": {\n    "total": "many"\n  }\n}', 3, 14, 'slots.total', 'slots.total must be a number'],
    ['{\n  "slots": {},\n  "colour": "red"\n}', 3, 13, 'colour', 'colour is not known'],
    ['{"redact": ["a", "", "c"]}', 1, 18, 'redact[1]', 'redact[1] must not be empty'],
    [
      '{"heartbeat":\n {"staleMs": 5000}}',
      2,
      14,
      'heartbeat.staleMs',
      'heartbeat.staleMs must be at least twice heartbeat.intervalMs',
    ],
    ['[]', 1, 1, 'settings', 'settings must be an object'],
    ['{\n  "slots": oops\n}', 2, 12, 'settings', 'settings stop being JSON here'],
    ['{"slots":', 1, 10, 'settings', 'settings stop being JSON here'],
    ['{"slots": {}} x', 1, 15, 'settings', 'settings stop being JSON here'],
    ['', 1, 1, 'settings', 'settings stop being JSON here'],
  ])('%j', async (text, line, column, field, message) => {
    const { result, path } = await read(text);
    expect(result).toEqual({
      ok: false,
      error: {
        type: 'invalidInput',
        message: `The settings ${path} are not valid, line ${line}, column ${column}: ${message}.`,
        remedy: 'Correct the file, or move it away to go on with the defaults.',
        field,
        problems: [{ severity: 'error', line, column, path: field, message }],
      },
    });
  });

  test('several faults are all listed', async () => {
    const { result } = await read('{"slots":{"total":0},"colour":1}');
    expect(result).toMatchObject({
      ok: false,
      error: {
        message: expect.stringContaining('(and 1 more)'),
        problems: [{ path: 'slots.total' }, { path: 'colour' }],
      },
    });
  });
});

test('a settings file that is a folder is refused in the words of the system', async () => {
  const folder = temporaryFolder();
  mkdirSync(settingsPath(folder));
  expect(await readSettings(folder)).toMatchObject({ ok: false, error: { type: 'invalidInput' } });
  chmodSync(settingsPath(folder), 0o700);
});

test('every value of any JSON text is found where it stands', () => {
  const spaces = fc.constantFrom(undefined, 1, 4, '\t');
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }), spaces, (value, space) => {
      const text = JSON.stringify(value, null, space);
      const places = locateJson(text);
      expect(places.fault).toBeNull();
      for (const path of pathsOf(value)) {
        const offset = offsetOf(text, places.find(path));
        const found = path.reduce<unknown>((part, name) => (part as Record<PropertyKey, unknown>)[name], value);
        expect(text.slice(offset).startsWith(JSON.stringify(found).slice(0, 1))).toBe(true);
      }
    }),
  );
});

test('a text is faulty exactly when it cannot be parsed, at a place up to which it could be JSON', () => {
  const base = JSON.stringify({ a: [1, -2.5e3, 'x"\\\u0001é', null, true], b: { c: {} } }, null, 1);
  const change = fc.record({
    at: fc.nat(base.length),
    removed: fc.nat(3),
    added: fc.stringMatching(/^[\]"{},:[0-9a-e.+\\ -]{0,3}$/),
  });
  fc.assert(
    fc.property(change, ({ at, removed, added }) => {
      const text = base.slice(0, at) + added + base.slice(at + removed);
      const { fault } = locateJson(text);
      expect(fault === null).toBe(isJson(text));
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['{"a" 1}', 6],
  ['{a: 1}', 2],
  ['[1 2]', 4],
  ['[1,]', 4],
  ['{"a":1,}', 8],
  ['"\\x"', 1],
  ['01', 2],
])('%s stops being JSON in column %i', (text, column) => {
  expect(locateJson(text).fault).toEqual({ line: 1, column });
});

test('a value that is not there is looked for as far as its path goes', () => {
  expect(locateJson('{"a": [1]}').find(['a', 5, 'x'])).toEqual({ line: 1, column: 7 });
  expect(locateJson('{"a": 1}').find(['b'])).toEqual({ line: 1, column: 1 });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function offsetOf(text: string, { line, column }: Position): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, part) => sum + part.length + 1, column - 1);
}

function pathsOf(value: unknown, path: PropertyKey[] = []): PropertyKey[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
  return [path, ...[...entries].flatMap(([key, part]) => pathsOf(part, [...path, key]))];
}
