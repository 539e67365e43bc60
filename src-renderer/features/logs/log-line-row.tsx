import { memo, useMemo } from 'react';
import type { LogLine, LogStream } from '../../../src-main/contract/log.ts';
import type { LinePiece, TextRange } from './line-pieces.ts';
import { linePieces, matchesIn } from './line-pieces.ts';
import styles from './log-line.module.css';
import { plainText, printedParts } from './printed-text.ts';

/** The mark beside a line: where it came from, in a word that is short enough for a column. */
const streamWords: Readonly<Record<LogStream, string>> = {
  stdout: 'out',
  stderr: 'err',
  message: 'says',
  thought: 'thinks',
  tool: 'tool',
  plan: 'plan',
  engine: 'engine',
};
const streamTitles: Readonly<Record<LogStream, string>> = {
  stdout: 'Standard output',
  stderr: 'Standard error',
  message: 'Message of the agent',
  thought: 'Thought of the agent',
  tool: 'Tool call of the agent',
  plan: 'Plan of the agent',
  engine: 'Signalbox itself',
};

/** Characters of a line that are drawn before somebody asks for all of it. */
const drawnLength = 4_000;

export interface LogLineRowProps {
  readonly row: number;
  /** Undefined while it is on its way. */
  readonly line: LogLine | undefined;
  readonly number: number;
  readonly path: string;
  readonly isCurrent: boolean;
  /** Whether a search has found the line. */
  readonly isFound: boolean;
  /** What to mark in it: a regular expression that ends, or ranges that were found elsewhere. */
  readonly wanted: RegExp | readonly TextRange[] | null;
  /** The selected part, UTF-16 code units; -1 when none of it is. */
  readonly selectedFrom: number;
  readonly selectedTo: number;
  readonly hasTimestamp: boolean;
  readonly isExpanded: boolean;
}

/** One line of a log. Whatever it says is text: it never becomes markup, a link or a command. */
export const LogLineRow = memo(function LogLineRow(props: LogLineRowProps) {
  const { row, line, number, path, isCurrent, isFound, hasTimestamp } = props;
  const pieces = usePieces(props);
  const isLong = line !== undefined && !props.isExpanded && line.text.length > drawnLength;
  return (
    <div
      className={styles.row}
      data-row={row}
      data-current={isCurrent || undefined}
      data-found={isFound || undefined}
      data-stream={line?.stream}
    >
      <span className={styles.gutter}>
        <span className={styles.number}>{number}</span>
        {hasTimestamp && <span className={styles.time}>{line === undefined ? '' : timeOfDay(line.at)}</span>}
        <span className={styles.stream} title={line === undefined ? undefined : streamTitles[line.stream]}>
          {line === undefined ? '' : streamWords[line.stream]}
        </span>
      </span>
      <span className={styles.text} data-text={row} dir="ltr">
        {line === undefined ? <span className={styles.waiting}>…</span> : pieces.map(drawPiece)}
        {props.selectedTo === Number.POSITIVE_INFINITY && <span className={styles.selectedEnd}> </span>}
      </span>
      {isLong && (
        <button type="button" className={styles.more} data-expand={row} tabIndex={-1}>
          … {(line.text.length - drawnLength).toLocaleString('en')} more characters
        </button>
      )}
      {line?.cut === true && !isLong && (
        <span className={styles.more}>… cut here; whole on disk: {path === '' ? 'in the log file' : path}</span>
      )}
    </div>
  );
});

function usePieces({ line, wanted, selectedFrom, selectedTo, isExpanded }: LogLineRowProps): readonly LinePiece[] {
  const drawn = useMemo(() => {
    if (line === undefined) return null;
    const printed = isExpanded ? line.text : wholeCharacters(line.text.slice(0, drawnLength));
    return { parts: printedParts(printed), text: plainText(printed) };
  }, [line, isExpanded]);
  return useMemo(() => {
    if (drawn === null) return [];
    const matches = wanted instanceof RegExp ? matchesIn(drawn.text, wanted) : (wanted ?? []);
    return linePieces(drawn.parts, matches, selectedFrom < 0 ? null : { from: selectedFrom, to: selectedTo });
  }, [drawn, wanted, selectedFrom, selectedTo]);
}

function drawPiece(piece: LinePiece, index: number) {
  const classes = [
    piece.ink === null ? undefined : styles[`ink-${piece.ink}`],
    piece.ground === null ? undefined : styles[`ground-${piece.ground}`],
    ...piece.marks.map((mark) => styles[mark]),
    piece.control === null ? undefined : styles.control,
    piece.isMatch ? styles.match : undefined,
    piece.isSelected ? styles.selected : undefined,
  ].filter((name) => name !== undefined);
  return (
    <span
      key={index}
      data-from={piece.from}
      className={classes.length === 0 ? undefined : classes.join(' ')}
      data-control={piece.control ?? undefined}
    >
      {piece.text}
    </span>
  );
}

/** A text that was cut does not end with half a character. */
function wholeCharacters(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

/** Local time of day with thousandths, as columns want it: always as wide. */
function timeOfDay(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const thousandths = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${thousandths}`;
}
