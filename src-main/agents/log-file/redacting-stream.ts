import type { Secrets } from '../secrets.ts';
import { redacted } from '../secrets.ts';

/** A text that might become a secret is kept back up to this length. */
const maxSuspectBytes = 32 * 1024;
/** With patterns of the user everything is suspect; then this much of an endless line is kept back. */
const overlapBytes = 4 * 1024;
/** A private key has fewer lines; after so many its end was lost. */
const maxKeyLines = 400;

const keyBegin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/;
const keyEnd = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----/;
const keyLine = /^(?:[A-Za-z0-9+/=]*|[A-Za-z][\w-]*: .*)\r?$/;
const tokenEnd = /[^\w.~+/=-]/;

/**
 * Takes secrets out of one byte stream that arrives in pieces: whole lines, or the beginning of a line that could not
 * wait for its end. Everything that is no secret comes out byte by byte as it went in.
 */
export class RedactingStream {
  private readonly secrets: () => Secrets;
  /** Lines that are still expected of a private key; 0 outside of one. */
  private keyLines = 0;
  /** Inside a token that was too long to be kept back: its rest is left out. */
  private inToken = false;

  /** @param secrets asked for each piece, because further values become known while a stream lives */
  constructor(secrets: () => Secrets) {
    this.secrets = secrets;
  }

  /** Redacts whole lines, or at the end of the stream whatever is left. */
  lines(bytes: Buffer): Buffer {
    const rest = this.skipToken(bytes);
    const secrets = this.secrets();
    if (this.keyLines === 0 && !secrets.touches(rest)) {
      return rest;
    }
    const text = rest.toString('latin1');
    const clean =
      this.keyLines > 0 || text.includes('PRIVATE KEY')
        ? text
            .split('\n')
            .map((line, index, all) => (line === '' && index === all.length - 1 ? '' : this.keyAwareLine(line)))
            .join('\n')
        : text;
    return Buffer.from(secrets.redact(clean), 'latin1');
  }

  /**
   * Redacts the beginning of a line whose end did not come yet.
   *
   * @returns what may be written now, and what has to wait because it may be the beginning of a secret
   */
  beginning(bytes: Buffer): { readonly out: Buffer; readonly held: Buffer } {
    const rest = this.skipToken(bytes);
    if (this.keyLines > 0) {
      return rest.length > maxSuspectBytes
        ? { out: rest.subarray(0, 0), held: rest.subarray(-overlapBytes) }
        : keep(rest);
    }
    const secrets = this.secrets();
    const text = rest.toString('latin1');
    const from = secrets.suspectFrom(text);
    if (text.length - from <= maxSuspectBytes) {
      return { out: Buffer.from(secrets.redact(text.slice(0, from)), 'latin1'), held: rest.subarray(from) };
    }
    const clean = secrets.redact(text);
    if (clean.endsWith(redacted) && !text.endsWith(redacted)) {
      this.inToken = true;
      return { out: Buffer.from(clean, 'latin1'), held: rest.subarray(0, 0) };
    }
    const cut = harmlessCut(text, clean, secrets);
    return { out: Buffer.from(secrets.redact(text.slice(0, cut)), 'latin1'), held: rest.subarray(cut) };
  }

  private skipToken(bytes: Buffer): Buffer {
    if (!this.inToken) {
      return bytes;
    }
    const end = bytes.toString('latin1').search(tokenEnd);
    this.inToken = end === -1;
    return end === -1 ? bytes.subarray(0, 0) : bytes.subarray(end);
  }

  private keyAwareLine(line: string): string {
    if (this.keyLines > 0) {
      this.keyLines -= 1;
      const end = keyEnd.exec(line);
      if (end !== null) {
        this.keyLines = 0;
        return redacted + line.slice(end.index + end[0].length);
      }
      if (keyLine.test(line)) {
        return line === '' || line === '\r' ? line : redacted + (line.endsWith('\r') ? '\r' : '');
      }
      this.keyLines = 0;
      return line;
    }
    const begin = keyBegin.exec(line);
    if (begin !== null && !keyEnd.test(line.slice(begin.index))) {
      this.keyLines = maxKeyLines;
      return line.slice(0, begin.index) + redacted;
    }
    return line;
  }
}

/** Where a text can be cut, near its end, so that no secret is cut in two. */
function harmlessCut(text: string, clean: string, secrets: Secrets): number {
  for (let overlap = overlapBytes; overlap <= maxSuspectBytes; overlap += overlapBytes - 1) {
    const cut = text.length - overlap;
    if (secrets.redact(text.slice(0, cut)) + secrets.redact(text.slice(cut)) === clean) {
      return cut;
    }
  }
  return text.length;
}

function keep(bytes: Buffer) {
  return { out: bytes.subarray(0, 0), held: bytes };
}
