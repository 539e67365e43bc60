/** How often pairs of small letters, digits and blanks occur in logs compared with all others; only a guess. */
function commonness(first: number, second: number): number {
  const rank = (byte: number) => {
    if (byte === 0x20 || (byte >= 0x61 && byte <= 0x7a)) {
      return 8;
    }
    return byte >= 0x30 && byte <= 0x39 ? 4 : 1;
  };
  return rank(first) * rank(second);
}

/**
 * Makes a search that says whether bytes hold any of the needles, whose cost does not grow with their number: it
 * steps over the bytes in pairs and looks each pair up in a table. Three adjacent bytes of a needle make two pairs,
 * of which one falls on a step wherever the needle stands. The pairs that seem rarest are taken.
 *
 * @param needles at least three bytes each
 */
export function needleFinder(needles: readonly Buffer[]): (bytes: Buffer) => boolean {
  /** For each pair of bytes whether a needle holds it. Small enough to stay in the processor's cache. */
  const table = new Uint8Array(65_536);
  const candidates = new Map<number, { readonly needle: Buffer; readonly at: number }[]>();
  const add = (needle: Buffer, at: number) => {
    const pair = needle.readUInt16LE(at);
    table[pair] = 1;
    candidates.set(pair, [...(candidates.get(pair) ?? []), { needle, at }]);
  };
  for (const needle of needles) {
    const at = rarestTriple(needle);
    add(needle, at);
    add(needle, at + 1);
  }
  const isAt = (bytes: Buffer, position: number) => {
    for (const { needle, at } of candidates.get(bytes.readUInt16LE(position)) ?? []) {
      if (matches(bytes, position - at, needle)) {
        return true;
      }
    }
    return false;
  };
  /** In pairs; `from` has to be on a step. */
  const isBetween = (bytes: Buffer, from: number, to: number) => {
    for (let position = from; position + 1 < to; position += 2) {
      const pair = (bytes[position] as number) | ((bytes[position + 1] as number) << 8);
      if (table[pair] !== 0 && isAt(bytes, position)) {
        return true;
      }
    }
    return false;
  };
  /** In eight pairs at once; `from` has to be a multiple of four in memory, and what is looked at one of sixteen long. */
  const isInSixteens = (bytes: Buffer, from: number, to: number) => {
    const pairs = table;
    const fours = new Int32Array(bytes.buffer, bytes.byteOffset + from, (to - from) >> 2);
    const { length } = fours;
    for (let index = 0; index < length; index += 4) {
      const a = fours[index] as number;
      const b = fours[index + 1] as number;
      const c = fours[index + 2] as number;
      const d = fours[index + 3] as number;
      const found =
        (pairs[a & 0xffff] as number) |
        (pairs[a >>> 16] as number) |
        (pairs[b & 0xffff] as number) |
        (pairs[b >>> 16] as number) |
        (pairs[c & 0xffff] as number) |
        (pairs[c >>> 16] as number) |
        (pairs[d & 0xffff] as number) |
        (pairs[d >>> 16] as number);
      if (found !== 0 && isBetween(bytes, from + 4 * index, from + 4 * index + 16)) {
        return true;
      }
    }
    return false;
  };
  return (bytes) => {
    const { byteOffset, length } = bytes;
    const first = -byteOffset & 3;
    if (first >= length) {
      return isBetween(bytes, byteOffset & 1, length);
    }
    const rest = length - ((length - first) & 15);
    return (
      isBetween(bytes, byteOffset & 1, first) || isInSixteens(bytes, first, rest) || isBetween(bytes, rest, length)
    );
  };
}

function rarestTriple(needle: Buffer): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at + 2 < needle.length; at += 1) {
    const [first = 0, second = 0, third = 0] = needle.subarray(at, at + 3);
    const common = commonness(first, second) + commonness(second, third);
    if (common < least) {
      best = at;
      least = common;
    }
  }
  return best;
}

/** A loop, because almost every candidate fails at its first bytes. */
function matches(bytes: Buffer, from: number, needle: Buffer): boolean {
  if (from < 0 || from + needle.length > bytes.length) {
    return false;
  }
  for (let index = 0; index < needle.length; index += 1) {
    if (bytes[from + index] !== needle[index]) {
      return false;
    }
  }
  return true;
}
