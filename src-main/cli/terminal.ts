import { colouredText, plainText } from './safe-text.ts';

/** Where a command speaks to its person. Nothing else writes to the terminal. */
export interface Terminal {
  /** Prints one line, or several, to standard output. Of escape sequences only colours pass. */
  print(line?: string): void;
  /** Prints one line, or several, to standard error: what is not the result. */
  note(line: string): void;
  /** Prints JSON or a log exactly as given, with its end of line. The caller has made it safe. */
  printRaw(text: string): void;
  /** Columns of standard output; infinite where it is no terminal. */
  readonly columns: number;
  /** Rows of standard output; infinite where it is no terminal. */
  readonly rows: number;
  readonly colour: boolean;
  /** Whether lines may be drawn over. */
  readonly live: boolean;
}

/** A stream as Node has it for standard output. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export interface TerminalParts {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The terminal of this process. Colours and updating lines only where they are wanted: not with NO_COLOR
 * (https://no-color.org), not in a file, not on a dumb terminal; lines are not updated in CI either.
 */
export function createTerminal({ stdout, stderr, env }: TerminalParts): Terminal {
  const isTerminal = stdout.isTTY === true && env.TERM !== 'dumb';
  const colour = isTerminal && !isSet(env.NO_COLOR);
  const clean = (text: string) =>
    text
      .split('\n')
      .map((line) => (colour ? colouredText(line) : plainText(line)))
      .join('\n');
  return {
    print: (line = '') => void stdout.write(`${clean(line)}\n`),
    note: (line) => void stderr.write(`${clean(line)}\n`),
    printRaw: (text) => void stdout.write(text),
    get columns() {
      return isTerminal ? (stdout.columns ?? usualColumns) : Number.POSITIVE_INFINITY;
    },
    get rows() {
      return isTerminal ? (stdout.rows ?? 24) : Number.POSITIVE_INFINITY;
    },
    colour,
    live: colour && !isSet(env.CI) && (stdout.columns ?? usualColumns) >= leastLiveColumns,
  };
}

const usualColumns = 80;
/** Lines that are drawn over must fit; in a narrower terminal they could not. */
const leastLiveColumns = 40;

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
