/** A place in a text, as editors count: from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The place of an offset in a text. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

/** Where the values of a JSON text stand, and where it stops being JSON. */
export interface JsonPlaces {
  /** The place of a value; where there is none, or it lies too deep, of the nearest value around it. */
  find(path: readonly PropertyKey[]): Position;
  /** The first place that cannot be JSON; null in valid JSON. */
  readonly fault: Position | null;
}

/** Values in more objects and lists than this are found at the place of what is around them. */
const deepest = 32;

/** Looks through a JSON text. `JSON.parse` says neither where values stand nor, always, where it failed. */
export function locateJson(text: string): JsonPlaces {
  const offsets = new Map<string, number>();
  const scan = new JsonScan(text, (path, offset) => {
    if (path.length <= deepest) offsets.set(keyOf(path), offset);
  });
  const fault = scan.run();
  return {
    fault: fault === null ? null : positionAt(text, fault),
    find(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const offset = offsets.get(keyOf(path.slice(0, length)));
        if (offset !== undefined) return positionAt(text, offset);
      }
      return positionAt(text, offsets.get(keyOf([])) ?? 0);
    },
  };
}

const string = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const space = /[ \t\r\n]*/y;

/** What comes after a value, or after the beginning of an object or a list. */
type Next = 'value' | 'end' | 'fault';

/** One pass along the grammar of RFC 8259, without recursion: a text may nest deeper than the stack is. */
class JsonScan {
  readonly #text: string;
  readonly #found: (path: readonly PropertyKey[], offset: number) => void;
  /** What closes the objects and lists around, and the name of the member that is read in each. */
  readonly #closings: string[] = [];
  readonly #path: PropertyKey[] = [];
  #at = 0;

  /** @param found told of every value: its path, which changes afterwards, and its offset. */
  constructor(text: string, found: (path: readonly PropertyKey[], offset: number) => void) {
    this.#text = text;
    this.#found = found;
  }

  /** @returns the offset of the first fault, null where there is none. */
  run(): number | null {
    this.#token(space);
    let next: Next = 'value';
    while (next === 'value') {
      this.#found(this.#path, this.#at);
      next = this.#value();
    }
    return next === 'end' ? null : this.#at;
  }

  #value(): Next {
    const opening = this.#text[this.#at];
    if (opening === '{' || opening === '[') return this.#begin(opening === '{' ? '}' : ']');
    return this.#token(opening === '"' ? string : scalar) ? this.#behindValue() : 'fault';
  }

  #begin(closing: string): Next {
    this.#at += 1;
    this.#token(space);
    if (this.#text[this.#at] === closing) {
      this.#at += 1;
      return this.#behindValue();
    }
    this.#closings.push(closing);
    this.#path.push(-1);
    return this.#member();
  }

  #behindValue(): Next {
    for (;;) {
      this.#token(space);
      const closing = this.#closings.at(-1);
      if (closing === undefined) return this.#at === this.#text.length ? 'end' : 'fault';
      const found = this.#text[this.#at];
      if (found !== closing && found !== ',') return 'fault';
      this.#at += 1;
      if (found === ',') return this.#member();
      this.#closings.pop();
      this.#path.pop();
    }
  }

  /** Reads as far as the value of the next member. */
  #member(): Next {
    this.#token(space);
    const last = this.#path.length - 1;
    if (this.#closings[last] === ']') {
      this.#path[last] = Number(this.#path[last]) + 1;
      return 'value';
    }
    const start = this.#at;
    if (!this.#token(string)) return 'fault';
    this.#path[last] = JSON.parse(this.#text.slice(start, this.#at)) as string;
    this.#token(space);
    if (this.#text[this.#at] !== ':') return 'fault';
    this.#at += 1;
    this.#token(space);
    return 'value';
  }

  /** Goes behind a token. @returns whether it is there. */
  #token(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }
}

/** A path as one text, in which the number 1 and the name "1" differ. */
function keyOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path);
}
