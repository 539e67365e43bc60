import { describe, expect, test } from 'vitest';
import type { PartTrouble } from '../../src-main/shell/part-reports.ts';
import { createShortcuts } from '../../src-main/shell/shortcuts.ts';

/** Keys of a system on which other applications have some, and some do not exist. */
function openKeys({ taken = [], unknown = [] }: { taken?: string[]; unknown?: string[] } = {}) {
  const held = new Map<string, () => void>();
  const reports: PartTrouble[] = [];
  const acts: string[] = [];
  const shortcuts = createShortcuts({
    registry: {
      register(keys: string, act: () => void) {
        if (unknown.includes(keys)) throw new TypeError('conversion failure');
        if (taken.includes(keys) || held.has(keys)) return false;
        held.set(keys, act);
        return true;
      },
      unregister: (keys: string) => void held.delete(keys),
    },
    report: (trouble) => reports.push(trouble),
    acts: { window: () => acts.push('window'), freeze: () => acts.push('freeze') },
  });
  return { shortcuts, held, reports, acts, taken };
}

describe('shortcuts of the desktop', () => {
  test('there are none unless somebody wants some', () => {
    const { shortcuts, held, reports } = openKeys();
    shortcuts.use({ window: null, freeze: null });
    expect([held.size, reports]).toEqual([0, []]);
  });

  test('do what they are for, may change places, and go at the end', () => {
    const { shortcuts, held, acts } = openKeys();
    shortcuts.use({ window: 'Alt+A', freeze: 'Alt+B' });
    held.get('Alt+A')?.();
    shortcuts.use({ window: 'Alt+B', freeze: 'Alt+A' });
    held.get('Alt+A')?.();
    expect(acts).toEqual(['window', 'freeze']);
    shortcuts.stop();
    expect(held.size).toBe(0);
  });

  test('that are not to be had are named with the reason, once, until they are mended', () => {
    const { shortcuts, reports } = openKeys({ taken: ['Alt+A'], unknown: ['Alt+Z'] });
    shortcuts.use({ window: 'Alt+A', freeze: 'Alt+Z' });
    shortcuts.use({ window: 'Alt+A', freeze: 'Alt+Z' });
    expect(reports.map((trouble) => trouble?.message)).toEqual([
      'Not every shortcut works: Alt+A (showing the window) belongs to another application; Alt+Z (freezing everything) is nothing that this system knows.',
    ]);
    shortcuts.use({ window: 'Alt+C', freeze: null });
    expect(reports.at(-1)).toBeNull();
  });
});
