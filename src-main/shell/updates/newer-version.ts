/** Compares as semantic versioning does. @returns whether the first comes after the second; false for what is none. */
export function isNewer(version: string, than: string): boolean {
  const [a, b] = [partsOf(version), partsOf(than)];
  if (a === null || b === null) return false;
  for (const [index, number] of a.numbers.entries()) {
    const other = b.numbers[index] ?? 0;
    if (number !== other) return number > other;
  }
  return comparePreviews(a.preview, b.preview) > 0;
}

interface Parts {
  readonly numbers: readonly number[];
  /** Empty: the version itself, which comes after its previews. */
  readonly preview: readonly string[];
}

function partsOf(version: string): Parts | null {
  const match = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(version);
  if (match === null) return null;
  const [, major, minor, patch, preview] = match;
  return { numbers: [major, minor, patch].map(Number), preview: preview?.split('.') ?? [] };
}

function comparePreviews(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return Number(a.length === 0) - Number(b.length === 0);
  for (const [index, word] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (word !== other) return compareWords(word, other);
  }
  return a.length - b.length;
}

/** Numbers come before words. */
function compareWords(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber && isOtherNumber) return Number(a) - Number(b);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return a < b ? -1 : 1;
}
