import type { GlobalShortcut } from 'electron';
import type { DesktopSettings } from '../contract/desktop-settings.ts';
import type { PartTrouble } from './part-reports.ts';

type Shortcuts = DesktopSettings['shortcuts'];
type Use = keyof Shortcuts;

export interface ShortcutsDependencies {
  readonly registry: Pick<GlobalShortcut, 'register' | 'unregister'>;
  readonly report: (trouble: PartTrouble) => void;
  /** What each of them does. */
  readonly acts: Readonly<Record<Use, () => void>>;
}

/** Shortcuts that work while other applications are in front. */
export interface DesktopShortcuts {
  /** Makes it so that these hold, and no others. */
  use(wanted: Shortcuts): void;
  stop(): void;
}

const uses = ['window', 'freeze'] as const satisfies readonly Use[];
const purposes: Readonly<Record<Use, string>> = { window: 'showing the window', freeze: 'freezing everything' };

export function createShortcuts({ registry, report, acts }: ShortcutsDependencies): DesktopShortcuts {
  const held = new Map<Use, string>();
  let known: Shortcuts = { window: null, freeze: null };

  /** @returns why it is not held; null when it is. */
  function hold(use: Use, keys: string): string | null {
    try {
      if (!registry.register(keys, acts[use])) return `${keys} (${purposes[use]}) belongs to another application`;
      held.set(use, keys);
      return null;
    } catch {
      return `${keys} (${purposes[use]}) is nothing that this system knows`;
    }
  }

  function release(isKept: (use: Use, keys: string) => boolean): void {
    for (const [use, keys] of held) {
      if (isKept(use, keys)) continue;
      registry.unregister(keys);
      held.delete(use);
    }
  }

  return {
    use(wanted) {
      // What another application holds is tried again when the person changes something, not with every setting.
      if (wanted.window === known.window && wanted.freeze === known.freeze) return;
      known = wanted;
      // All are let go before any is taken: two may have changed places.
      release((use, keys) => wanted[use] === keys);
      const reasons = uses.flatMap((use) => {
        const keys = wanted[use];
        return keys === null || held.has(use) ? [] : (hold(use, keys) ?? []);
      });
      report(reasons.length === 0 ? null : troubleOf(reasons));
    },
    stop: () => release(() => false),
  };
}

function troubleOf(reasons: readonly string[]): PartTrouble {
  return {
    message: `Not every shortcut works: ${reasons.join('; ')}.`,
    remedy: 'Choose other keys for it in the settings, or free them in the other application.',
  };
}
