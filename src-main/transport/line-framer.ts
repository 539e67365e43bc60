/** Lines cut out of a stream of bytes. */
export interface LineFramer {
  /**
   * Takes the next bytes.
   * @returns the lines that they complete, without their ends; or why the stream cannot be read any further.
   */
  push(chunk: Buffer): { readonly lines: readonly string[]; readonly fault: LineFault | null };
}

/** `tooLong`: a line is longer than allowed. `notText`: its bytes are not UTF-8. */
export type LineFault = 'tooLong' | 'notText';

const lineFeed = 0x0a;

/** Frames lines of at most `maxLineBytes` bytes. Keeps no more than one unfinished line. */
export function createLineFramer(maxLineBytes: number): LineFramer {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let parts: Buffer[] = [];
  let length = 0;

  function finishLine(end: Buffer): string {
    const line = parts.length === 0 ? end : Buffer.concat([...parts, end]);
    parts = [];
    length = 0;
    return decoder.decode(line);
  }

  return {
    push(chunk) {
      const lines: string[] = [];
      let start = 0;
      while (start < chunk.length) {
        const end = chunk.indexOf(lineFeed, start);
        const part = chunk.subarray(start, end === -1 ? chunk.length : end);
        length += part.length;
        if (length > maxLineBytes) return { lines, fault: 'tooLong' };
        if (end === -1) {
          parts.push(part);
          break;
        }
        try {
          lines.push(finishLine(part));
        } catch {
          return { lines, fault: 'notText' };
        }
        start = end + 1;
      }
      return { lines, fault: null };
    },
  };
}
