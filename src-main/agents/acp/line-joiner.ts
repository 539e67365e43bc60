/** A piece without a line end is passed on at this length, so that an agent cannot fill the memory with one line. */
const MAX_PIECE = 16_384;

/** Joins pieces of text, as they arrive, into whole lines. */
export class LineJoiner {
  readonly #take: (line: string) => void;
  #rest = '';

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  add(piece: string): void {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line.endsWith('\r') ? line.slice(0, -1) : line);
    while (this.#rest.length > MAX_PIECE) {
      this.#take(this.#rest.slice(0, MAX_PIECE));
      this.#rest = this.#rest.slice(MAX_PIECE);
    }
  }

  /** Passes on what is left of an unfinished line. */
  flush(): void {
    if (this.#rest !== '') this.#take(this.#rest);
    this.#rest = '';
  }
}
