import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import { keyName, takeKey } from './key-sequence.ts';

export interface Shortcut {
  /** `g r`, `/`, `Enter`, `mod+k` (Ctrl, or Cmd on a Mac). */
  readonly keys: string;
  /** What it does, for the help sheet. */
  readonly label: string;
  /** Under which heading of the help sheet. */
  readonly group: string;
  readonly run: () => void;
}

/** The shortcuts that work now; the one that was added last wins. */
export const useShortcuts = create<{ readonly shortcuts: readonly Shortcut[] }>()(() => ({ shortcuts: [] }));

/** How long the second key of a pair may take, in ms. */
const pairWithinMs = 1_200;

/** Listens to the keyboard. @returns stops it. */
export function startKeyboard(): () => void {
  let before = '';
  let beforeAt = 0;
  function pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const key = keyName(event);
    if (isElsewhere(event.target, key)) return;
    const { shortcuts } = useShortcuts.getState();
    const known = shortcuts.map(({ keys }) => keys);
    const step = takeKey(event.timeStamp - beforeAt < pairWithinMs ? before : '', key, known);
    before = step.kind === 'begun' ? step.keys : '';
    beforeAt = event.timeStamp;
    if (step.kind === 'nothing') return;
    event.preventDefault();
    if (step.kind === 'match') shortcuts.findLast(({ keys }) => keys === step.keys)?.run();
  }
  window.addEventListener('keydown', pressed);
  return () => window.removeEventListener('keydown', pressed);
}

/** Whether a key belongs to what has the focus: text being typed, a button pressed by Enter, a dialog. */
function isElsewhere(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement) || key.startsWith('mod+')) return false;
  if (target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null) return true;
  if (target.matches('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"]')) {
    return true;
  }
  return key === 'Enter' && target.matches('a, button, summary, [role="tab"], [role="button"]');
}

/**
 * A shortcut that works while the component is shown, and is listed by `?`. It is ignored while somebody types.
 * @param enabled false: as if it were not there.
 */
export function useShortcut(
  keys: string,
  label: string,
  run: () => void,
  { group = 'This view', enabled = true }: { readonly group?: string; readonly enabled?: boolean } = {},
): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return;
    const shortcut: Shortcut = { keys, label, group, run: () => latest.current() };
    useShortcuts.setState(({ shortcuts }) => ({ shortcuts: [...shortcuts, shortcut] }));
    return () =>
      useShortcuts.setState(({ shortcuts }) => ({ shortcuts: shortcuts.filter((other) => other !== shortcut) }));
  }, [keys, label, group, enabled]);
}
