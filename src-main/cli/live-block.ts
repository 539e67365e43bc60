import { colouredText } from './safe-text.ts';
import type { Terminal } from './terminal.ts';

/** Lines at the end of the terminal that are drawn again in place. */
export interface LiveBlock {
  /** Shows these lines instead of those before. Lines that the terminal has no rows for are left out at the top. */
  draw(lines: readonly string[]): void;
  /** Prints a line above the block, where it stays. */
  above(line: string): void;
  /** Leaves the lines as they are; nothing is drawn over after this. */
  end(): void;
}

const clearToEnd = '\u001b[0J';
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/** For terminals with `live` only. Lines must fit the terminal's width: one line is one row. */
export function createLiveBlock(terminal: Terminal): LiveBlock {
  let drawn: readonly string[] = [];

  function toStart(): string {
    return `${hideCursor}${drawn.length === 0 ? '' : `\u001b[${drawn.length}A\r`}${clearToEnd}`;
  }

  function write(above: string, lines: readonly string[]): void {
    const fitting = lines.slice(Math.max(0, lines.length - terminal.rows + 1));
    terminal.printRaw(`${toStart()}${above}${fitting.map((line) => `${line}\n`).join('')}${showCursor}`);
    drawn = fitting;
  }

  return {
    draw: (lines) => write('', lines),
    above: (line) => write(`${colouredText(line)}\n`, drawn),
    end() {
      drawn = [];
    },
  };
}
