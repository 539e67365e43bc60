/** What was pressed, as shortcuts name it: `mod+k`, `?`, `Enter`, `shift+Enter`. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = event.key.length === 1 && (event.ctrlKey || event.metaKey) ? event.key.toLowerCase() : event.key;
  const isNamed = key.length > 1;
  return [
    event.ctrlKey || event.metaKey ? 'mod' : '',
    event.altKey ? 'alt' : '',
    event.shiftKey && isNamed ? 'shift' : '',
    key,
  ]
    .filter((part) => part !== '')
    .join('+');
}

/** What the keys pressed so far mean. */
export type Step =
  | { readonly kind: 'match'; readonly keys: string }
  | { readonly kind: 'begun'; readonly keys: string }
  | { readonly kind: 'nothing' };

/** Finds what a key means after those before it (empty: none), among the shortcuts there are. */
export function takeKey(before: string, key: string, known: readonly string[]): Step {
  for (const keys of before === '' ? [key] : [`${before} ${key}`, key]) {
    if (known.includes(keys)) return { kind: 'match', keys };
    if (known.some((other) => other.startsWith(`${keys} `))) return { kind: 'begun', keys };
  }
  return { kind: 'nothing' };
}
