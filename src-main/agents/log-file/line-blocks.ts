const NEWLINE = 10;

/** Bytes of a line that are looked at; what is behind them is on disk only, as a window shows no more either. */
export const maxSearchedLineBytes = 64 * 1024;
/** Read at once: large enough for the cost of a call not to count, small enough to stay in the processor's cache. */
const blockBytes = 4 * 1024 * 1024;

/** Fills the buffer from this place of a file. @returns how many bytes there were. */
export type ReadAt = (buffer: Buffer, offset: number, length: number, position: number) => number;

/**
 * The lines of a file's first `size` bytes, many at a time: each block is whole lines, with their ends of line. Of a
 * line that is longer than {@link maxSearchedLineBytes} only the beginning is there, so that no line takes more memory
 * than a block. A file that became shorter ends early.
 */
export function* lineBlocks(read: ReadAt, size: number): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(blockBytes);
  let kept = 0;
  let position = 0;
  let inLongLine = false;
  while (position < size) {
    const count = read(buffer, kept, Math.min(buffer.length - kept, size - position), position);
    if (count === 0) break;
    position += count;
    let filled = buffer.subarray(0, kept + count);
    if (inLongLine) {
      const end = filled.indexOf(NEWLINE, kept);
      // The beginning of the line is kept at the front of the buffer, until its end is found.
      if (end === -1) continue;
      buffer.copyWithin(kept, end, filled.length);
      filled = filled.subarray(0, filled.length - (end - kept));
      inLongLine = false;
    }
    const lastEnd = filled.lastIndexOf(NEWLINE);
    const rest = filled.length - (lastEnd + 1);
    if (lastEnd !== -1) yield withoutLongTails(Buffer.from(filled.subarray(0, lastEnd + 1)));
    buffer.copyWithin(0, lastEnd + 1, filled.length);
    inLongLine = rest > maxSearchedLineBytes;
    kept = inLongLine ? endOfCharacter(buffer, maxSearchedLineBytes) : rest;
  }
  if (kept > 0) yield Buffer.from(buffer.subarray(0, kept));
}

/** Cuts what is too long. Looks only at every 64th kilobyte as long as all lines are short. */
function withoutLongTails(lines: Buffer): Buffer {
  const parts: Buffer[] = [];
  let copiedTo = 0;
  let start = 0;
  while (lines.length - start > maxSearchedLineBytes) {
    const end = lines.lastIndexOf(NEWLINE, start + maxSearchedLineBytes);
    if (end >= start) {
      start = end + 1;
      continue;
    }
    const lineEnd = lines.indexOf(NEWLINE, start);
    parts.push(lines.subarray(copiedTo, endOfCharacter(lines, start + maxSearchedLineBytes)));
    copiedTo = lineEnd;
    start = lineEnd + 1;
  }
  return parts.length === 0 ? lines : Buffer.concat([...parts, lines.subarray(copiedTo)]);
}

/** The same place, or up to three bytes before it, so that no UTF-8 character is cut in two. */
function endOfCharacter(bytes: Buffer, at: number): number {
  for (let end = at; end > at - 4 && end > 0; end -= 1) {
    if (((bytes[end] ?? 0) & 0xc0) !== 0x80) return end;
  }
  return at;
}
