import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { placeWindow, readWindowState, writeWindowState } from '../../src-main/shell/window-state.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const main = { x: 0, y: 0, width: 1920, height: 1040 };
const right = { x: 1920, y: 0, width: 2560, height: 1400 };
const left = { bounds: { x: 100, y: 80, width: 1200, height: 760 }, isMaximized: false };

describe('where a window opens', () => {
  test('a first start gets the usual size, and no place', () => {
    expect(placeWindow(null, [main])).toEqual({ width: 1280, height: 800, isMaximized: false });
  });

  test('a display that is smaller than the usual size bounds it', () => {
    expect(placeWindow(null, [{ x: 0, y: 0, width: 1024, height: 700 }])).toMatchObject({ width: 1024, height: 700 });
  });

  test('without any display there is still a size', () => {
    expect(placeWindow(null, [])).toEqual({ width: 1280, height: 800, isMaximized: false });
  });

  test('it comes back to where it was left', () => {
    expect(placeWindow(left, [main])).toEqual({ ...left.bounds, isMaximized: false });
    const far = { bounds: { x: 2_400, y: 100, width: 1200, height: 760 }, isMaximized: true };
    expect(placeWindow(far, [main, right])).toEqual({ ...far.bounds, isMaximized: true });
  });

  test.each([
    ['on a display that is gone', { x: 2_400, y: 100 }],
    ['far to the left', { x: -1_150, y: 100 }],
    ['with its upper edge above the display', { x: 100, y: -40 }],
    ['below the display', { x: 100, y: 1_030 }],
  ])('%s it cannot be reached, so it opens at the usual place', (_where, corner) => {
    const state = { bounds: { ...left.bounds, ...corner }, isMaximized: true };
    expect(placeWindow(state, [main])).toEqual({ width: 1280, height: 800, isMaximized: true });
  });

  test('it is never larger than its display', () => {
    const large = { bounds: { x: 0, y: 0, width: 2_500, height: 1_300 }, isMaximized: false };
    expect(placeWindow(large, [main])).toMatchObject({ width: 1920, height: 1040 });
  });
});

describe('how a window was left', () => {
  test('is read as it was written', () => {
    const path = join(temporaryFolder(), 'window-state.json');
    writeWindowState(path, left);
    expect(readWindowState(path)).toEqual(left);
  });

  test.each([
    'no JSON',
    'null',
    '[]',
    '{"bounds":{"x":0,"y":0,"width":1200},"isMaximized":false}',
    '{"bounds":{"x":0.5,"y":0,"width":1200,"height":800},"isMaximized":false}',
    '{"bounds":{"x":0,"y":0,"width":10,"height":10},"isMaximized":false}',
    '{"bounds":{"x":0,"y":0,"width":1200,"height":800},"isMaximized":"no"}',
  ])('%s is no window', (text) => {
    const path = join(temporaryFolder(), 'window-state.json');
    writeFileSync(path, text);
    expect(readWindowState(path)).toBeNull();
  });

  test('without a file, and where none can be written, nothing happens', () => {
    const path = join(temporaryFolder(), 'window-state.json');
    expect(readWindowState(path)).toBeNull();
    mkdirSync(path);
    writeWindowState(path, left);
    expect(readWindowState(path)).toBeNull();
  });
});
