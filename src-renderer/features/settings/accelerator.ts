/** What the recorder needs to know of a key that was pressed. */
export interface PressedKey {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  /** Whether AltGr is held, with which keyboards type further characters. */
  readonly isAltGraph: boolean;
}

/**
 * What pressed keys mean to the recorder. `held`: modifiers so far; `recorded`: a whole shortcut; `left`: the person
 * wants nothing changed; `passed`: the key is not the recorder's; `refused`: not usable, and why, as a sentence.
 */
export type Recording =
  | { readonly kind: 'held'; readonly modifiers: readonly string[] }
  | { readonly kind: 'recorded'; readonly accelerator: string }
  | { readonly kind: 'left' }
  | { readonly kind: 'passed' }
  | { readonly kind: 'refused'; readonly reason: string };

const modifierKeys: ReadonlySet<string> = new Set(['Control', 'Shift', 'Alt', 'AltGraph', 'Meta', 'OS']);

/** Keys by the names that browsers give them, as accelerators name them. */
const namedKeys: Readonly<Record<string, string>> = {
  ' ': 'Space',
  Tab: 'Tab',
  Backspace: 'Backspace',
  Delete: 'Delete',
  Insert: 'Insert',
  Enter: 'Enter',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Home: 'Home',
  End: 'End',
  PageUp: 'PageUp',
  PageDown: 'PageDown',
  Escape: 'Escape',
};

/**
 * Reads pressed keys as a shortcut in Electron's notation. A shortcut holds in all applications: one that types a
 * character, which Shift and AltGr alone do, would take that character from them, and is refused.
 */
export function recordKeys(pressed: PressedKey, isMac: boolean): Recording {
  const modifiers = modifiersOf(pressed, isMac);
  if (modifierKeys.has(pressed.key)) return { kind: 'held', modifiers };
  const hasOnlyShift = modifiers.every((modifier) => modifier === 'Shift');
  if (modifiers.length === 0 && !pressed.isAltGraph) {
    if (pressed.key === 'Escape') return { kind: 'left' };
    if (pressed.key === 'Tab') return { kind: 'passed' };
  }
  if (hasOnlyShift && pressed.key === 'Tab') return { kind: 'passed' };
  const key = keyOf(pressed);
  if (key === null) {
    return { kind: 'refused', reason: 'This key cannot be used: take a letter, a digit, an arrow or an F key.' };
  }
  const isFunctionKey = /^F\d+$/.test(key);
  if (modifiers.length === 0 || (hasOnlyShift && !isFunctionKey)) {
    const main = isMac ? 'Cmd, Ctrl or Option' : 'Ctrl or Alt';
    return { kind: 'refused', reason: `Hold ${main} too: other applications need the key alone.` };
  }
  return { kind: 'recorded', accelerator: [...modifiers, key].join('+') };
}

/** The modifiers that are held, as accelerators name them, in the usual order. */
function modifiersOf({ ctrlKey, metaKey, altKey, shiftKey, isAltGraph }: PressedKey, isMac: boolean): string[] {
  // Windows reports AltGr as Ctrl and Alt as well.
  const isControl = ctrlKey && !isAltGraph;
  const isAlt = altKey && !isAltGraph;
  return [
    (isMac ? metaKey : isControl) ? 'CmdOrCtrl' : '',
    isMac && isControl ? 'Control' : '',
    !isMac && metaKey ? 'Super' : '',
    isAlt ? 'Alt' : '',
    shiftKey ? 'Shift' : '',
  ].filter((name) => name !== '');
}

/** The key itself, whatever the modifiers make of it; null: accelerators have no name for it. */
function keyOf({ key, code }: PressedKey): string | null {
  // Keys of the number pad are others than those with the same characters.
  if (code.startsWith('Numpad')) return null;
  const named = namedKeys[key];
  if (named !== undefined) return named;
  if (/^F(?:[1-9]|1\d|2[0-4])$/.test(key)) return key;
  // A letter is the one that the keyboard's layout shows; a digit is the key's own, which Shift turns into a sign.
  if (/^[a-zA-Z]$/.test(key)) return key.toUpperCase();
  const [, place] = /^(?:Key|Digit)([A-Z0-9])$/.exec(code) ?? [];
  return place ?? null;
}

const macWords: Readonly<Record<string, string>> = {
  CmdOrCtrl: 'Cmd',
  Command: 'Cmd',
  Super: 'Cmd',
  Control: 'Ctrl',
  Alt: 'Option',
};
const otherWords: Readonly<Record<string, string>> = { CmdOrCtrl: 'Ctrl', Control: 'Ctrl', Command: 'Cmd' };

/** The keys of a shortcut as a person finds them on the keyboard. */
export function keyWords(accelerator: string, isMac: boolean): readonly string[] {
  const words = isMac ? macWords : otherWords;
  return accelerator.split('+').map((part) => {
    const name = sameNames[part] ?? part;
    return words[name] ?? name;
  });
}

/** Names with which Electron means the same. */
const sameNames: Readonly<Record<string, string>> = {
  CommandOrControl: 'CmdOrCtrl',
  Ctrl: 'Control',
  Cmd: 'Command',
  Option: 'Alt',
  Meta: 'Super',
  Return: 'Enter',
  Esc: 'Escape',
};

/** Whether two shortcuts are the same keys on this machine, however they are written. */
export function isSameShortcut(one: string, other: string, isMac: boolean): boolean {
  const keys = (accelerator: string) => keyWords(accelerator, isMac).toSorted().join('+');
  return keys(one) === keys(other);
}

/** What well-known shortcuts do in most applications, which would no longer get them. */
const known: readonly (readonly [accelerator: string, meaning: string])[] = [
  ['CmdOrCtrl+C', 'copies'],
  ['CmdOrCtrl+V', 'pastes'],
  ['CmdOrCtrl+X', 'cuts'],
  ['CmdOrCtrl+Z', 'undoes'],
  ['CmdOrCtrl+Shift+Z', 'does again what was undone'],
  ['CmdOrCtrl+A', 'selects everything'],
  ['CmdOrCtrl+S', 'saves'],
  ['CmdOrCtrl+F', 'searches'],
  ['CmdOrCtrl+P', 'prints'],
  ['CmdOrCtrl+N', 'opens a new window'],
  ['CmdOrCtrl+T', 'opens a new tab'],
  ['CmdOrCtrl+W', 'closes a window or tab'],
  ['CmdOrCtrl+Q', 'quits'],
  ['CmdOrCtrl+R', 'reloads'],
  ['CmdOrCtrl+K', 'opens the command bar of this window'],
  ['CmdOrCtrl+Tab', 'goes to the next tab or application'],
  ['Alt+Tab', 'goes to the next application'],
  ['Alt+F4', 'closes a window'],
  ['CmdOrCtrl+Space', 'opens the search of the system or changes the keyboard'],
];

/** What else a shortcut does in most applications, as the end of a sentence; null when it is free. */
export function knownUse(accelerator: string, isMac: boolean): string | null {
  return known.find(([other]) => isSameShortcut(accelerator, other, isMac))?.[1] ?? null;
}
