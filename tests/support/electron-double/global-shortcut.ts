import { desktop } from './desktop-link.ts';

/** Keys that another application has: nobody else gets them. */
const taken = new Set<string>();
const registered = new Map<string, () => void>();

export const globalShortcut = {
  register(keys: string, act: () => void): boolean {
    if (taken.has(keys) || registered.has(keys)) return false;
    registered.set(keys, act);
    desktop.tell('record', 'shortcuts', [...registered.keys()]);
    return true;
  },
  unregister(keys: string): void {
    registered.delete(keys);
    desktop.tell('record', 'shortcuts', [...registered.keys()]);
  },
  isRegistered: (keys: string) => registered.has(keys),
};

desktop.handle('user.takeKeys', (keys: string) => void taken.add(keys));
desktop.handle('user.press', (keys: string) => registered.get(keys)?.());
