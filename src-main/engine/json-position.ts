/** A place in a text, as editors count: from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The place of an offset in a text. */
function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

/** Where the values of a JSON text stand, and where it stops being JSON. */
export interface JsonPlaces {
  /** The place of a value; where there is none, of the nearest value around it. */
  find(path: readonly PropertyKey[]): Position;
  /** The first place that cannot be JSON; null in valid JSON. */
  readonly fault: Position | null;
}

/** Looks through a JSON text. `JSON.parse` says neither where values stand nor, always, where it failed. */
export function locateJson(text: string): JsonPlaces {
  const offsets = new Map<string, number>();
  const scan = new JsonScan(text, offsets);
  const end = scan.value(0, []);
  const rest = end.ok ? scan.space(end.at) : end.at;
  return {
    fault: end.ok && rest === text.length ? null : positionAt(text, rest),
    find(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const offset = offsets.get(keyOf(path.slice(0, length)));
        if (offset !== undefined) return positionAt(text, offset);
      }
      return positionAt(text, offsets.get(keyOf([])) ?? 0);
    },
  };
}

/** `at`: the offset behind what was read, or of the fault. */
interface Step {
  readonly ok: boolean;
  readonly at: number;
}

const string = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const space = /[ \t\r\n]*/y;

/** One pass over a text, along the grammar of RFC 8259. */
class JsonScan {
  readonly #text: string;
  readonly #offsets: Map<string, number>;

  constructor(text: string, offsets: Map<string, number>) {
    this.#text = text;
    this.#offsets = offsets;
  }

  /** The offset behind white space. */
  space(offset: number): number {
    return this.#token(space, offset) ?? offset;
  }

  value(offset: number, path: readonly PropertyKey[]): Step {
    const start = this.space(offset);
    this.#offsets.set(keyOf(path), start);
    if (this.#text[start] === '{') return this.#members(start, '}', path);
    if (this.#text[start] === '[') return this.#members(start, ']', path);
    const end = this.#token(this.#text[start] === '"' ? string : scalar, start);
    return end === null ? fault(start) : { ok: true, at: end };
  }

  #members(start: number, closing: '}' | ']', path: readonly PropertyKey[]): Step {
    let at = this.space(start + 1);
    if (this.#text[at] === closing) return { ok: true, at: at + 1 };
    for (let index = 0; ; index += 1) {
      const key = closing === ']' ? { name: index, at } : this.#key(at);
      if (key.name === null) return fault(key.at);
      const member = this.value(key.at, [...path, key.name]);
      if (!member.ok) return member;
      at = this.space(member.at);
      if (this.#text[at] === closing) return { ok: true, at: at + 1 };
      if (this.#text[at] !== ',') return fault(at);
      at = this.space(at + 1);
    }
  }

  /** A field's name and its colon; the name is null where there is a fault. */
  #key(start: number): { readonly name: string | null; readonly at: number } {
    const end = this.#token(string, start);
    if (end === null) return { name: null, at: start };
    const colon = this.space(end);
    if (this.#text[colon] !== ':') return { name: null, at: colon };
    return { name: JSON.parse(this.#text.slice(start, end)) as string, at: colon + 1 };
  }

  /** @returns the offset behind the token, null when it is not there. */
  #token(pattern: RegExp, offset: number): number | null {
    pattern.lastIndex = offset;
    return pattern.test(this.#text) ? pattern.lastIndex : null;
  }
}

function fault(at: number): Step {
  return { ok: false, at };
}

/** A path as one text, in which the number 1 and the name "1" differ. */
function keyOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path);
}
