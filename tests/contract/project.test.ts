import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { liesIn, nearestProject, projectSettingsSchema } from '../../src-main/contract/project.ts';

describe('whether a folder lies in another', () => {
  test.each([
    ['/work/app', '/work/app', true],
    ['/work/app/src', '/work/app', true],
    ['/work/app-two', '/work/app', false],
    ['/work', '/work/app', false],
    ['/work', '/', true],
    ['C:\\work\\app\\src', 'C:\\work\\app', true],
    ['C:\\work\\app2', 'C:\\work\\app', false],
  ])('%s in %s: %s', (folder, base, expected) => {
    expect(liesIn(folder, base)).toBe(expected);
  });
});

describe('the project of a folder', () => {
  it('is the innermost that it lies in, in whatever order they are named', () => {
    const projects = ['/work/app', '/work/app/inner', '/work'];
    expect(nearestProject('/work/app/inner/src', projects)).toBe('/work/app/inner');
    expect(nearestProject('/work/app/inner/src', projects.toReversed())).toBe('/work/app/inner');
    expect(nearestProject('/elsewhere', projects)).toBeNull();
  });

  it('always holds the folder, and no other that does is inside of it', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'ab'), { maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
    fc.assert(
      fc.property(path, fc.array(path, { maxLength: 5 }), (folder, projects) => {
        const nearest = nearestProject(folder, projects);
        const around = projects.filter((project) => liesIn(folder, project));
        expect(nearest === null).toBe(around.length === 0);
        if (nearest !== null) for (const project of around) expect(liesIn(nearest, project)).toBe(true);
      }),
    );
  });
});

test('R41 settings of a project name only what a project may say otherwise', () => {
  expect(projectSettingsSchema.parse({ watchdog: { agents: { silentMs: 1_000 } } })).toEqual({
    watchdog: { agents: { silentMs: 1_000 } },
  });
  expect(projectSettingsSchema.safeParse({ notifications: { reasons: { stuck: false } } }).success).toBe(true);
  for (const settings of [{ slots: { total: 9 } }, { redact: ['x'] }, { notifications: { on: false } }]) {
    expect(projectSettingsSchema.safeParse(settings).success).toBe(false);
  }
});

describe('the project that work belongs to', () => {
  test('is the innermost of those that its folder is, or lies in', () => {
    const projects = ['/work/app', '/work', '/work/app/inner/', '/'];
    expect(nearestProject('/work/app', projects)).toBe('/work/app');
    expect(nearestProject('/work/app/inner/src', projects)).toBe('/work/app/inner/');
    expect(nearestProject('/work/app-two', projects)).toBe('/work');
    expect(nearestProject('/elsewhere', ['/work'])).toBeNull();
    expect(nearestProject('C:\\work\\app', ['C:\\work'])).toBe('C:\\work');
  });
});
