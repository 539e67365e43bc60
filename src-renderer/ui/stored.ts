/** A list of words that this browser keeps for the person; null: nothing is kept, or it is not a list of words. */
export function readStored(name: string): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? 'null');
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
  } catch {
    return null;
  }
}

/** Keeps a list of words. A browser that keeps nothing forgets it with the page. */
export function writeStored(name: string, value: readonly string[]): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Private windows and full disks: the choice holds until the page is closed.
  }
}
