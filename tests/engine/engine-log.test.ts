import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { createEngineLog, engineLogPath } from '../../src-main/engine/engine-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function open(dataFolder = temporaryFolder(), maxBytes?: number) {
  const show = vi.fn();
  const log = createEngineLog({
    dataFolder,
    now: () => 0,
    redact: (text) => text.replaceAll('sesame', '[redacted]'),
    show,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  const path = engineLogPath(dataFolder);
  const lines = () =>
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log, show, path, lines, dataFolder };
}

test('every line is one JSON object with time, level, message and facts', () => {
  const { log, lines } = open();
  log.info('engine started', { pid: 7 });
  log.warn('slow', { ms: 12n });
  expect(lines()).toEqual([
    { at: '1970-01-01T00:00:00.000Z', level: 'info', message: 'engine started', pid: 7 },
    { at: '1970-01-01T00:00:00.000Z', level: 'warning', message: 'slow', ms: '12' },
  ]);
});

test('R46 secrets reach neither the file nor the person who watches', () => {
  const { log, show, path } = open();
  log.error('failed with sesame', { error: new Error('open sesame') });
  expect(readFileSync(path, 'utf8')).not.toContain('sesame');
  expect(show.mock.calls).toEqual([['error', 'failed with [redacted]']]);
});

test('only warnings and errors are shown', () => {
  const { log, show } = open();
  log.info('a');
  log.warn('b');
  log.error('c');
  expect(show.mock.calls).toEqual([
    ['warning', 'b'],
    ['error', 'c'],
  ]);
});

test('without anybody watching, warnings and errors still reach the file', () => {
  const dataFolder = temporaryFolder();
  const log = createEngineLog({ dataFolder, now: () => 0, redact: (text) => text });
  log.warn('a');
  log.error('b');
  expect(readFileSync(engineLogPath(dataFolder), 'utf8').trimEnd().split('\n')).toHaveLength(2);
});

test('an error is written with its stack', () => {
  const { log, lines } = open();
  log.error('failed', { error: new Error('disk on fire') });
  expect(lines()[0]?.error).toMatch(/^Error: disk on fire\n/);
});

test('facts that JSON cannot hold lose themselves, not the message', () => {
  const { log, lines } = open();
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  log.info('round', circle);
  expect(lines()[0]).toMatchObject({ message: 'round', factsLost: expect.stringContaining('circular') });
});

test('full files move up, and three are kept', () => {
  const { log, dataFolder } = open(undefined, 1_000);
  for (let index = 0; index < 100; index += 1) log.info('x'.repeat(100), { index });
  expect(readdirSync(dataFolder).sort()).toEqual(['engine.log', 'engine.log.1', 'engine.log.2']);
  for (const name of readdirSync(dataFolder)) {
    expect(statSync(`${dataFolder}/${name}`).size).toBeLessThanOrEqual(1_000);
  }
  expect(readFileSync(`${dataFolder}/engine.log`, 'utf8')).toContain('"index":99');
});

test('an earlier log is continued, and its size counts', () => {
  const { log, dataFolder, path } = open(undefined, 250);
  log.info('x'.repeat(150));
  const again = open(dataFolder, 250);
  again.log.info('y'.repeat(150));
  expect(existsSync(`${path}.1`)).toBe(true);
});

test('R48 a log that cannot be written does not end the engine, and says later what was lost', () => {
  const { log, path, lines } = open();
  mkdirSync(path);
  log.info('lost');
  log.info('lost too');
  rmSync(path, { recursive: true });
  log.info('back');
  expect(lines()).toEqual([{ at: '1970-01-01T00:00:00.000Z', level: 'info', message: 'back', linesLostBefore: 2 }]);
});
