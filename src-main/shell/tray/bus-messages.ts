/** A call of a method with texts as arguments. */
interface Call {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly texts: readonly string[];
}

/** A message that has come. */
interface Reply {
  /** Number of the call that it answers; 0: of none. */
  readonly to: number;
  /** Whether it is an answer that says yes; an error says no. */
  readonly isTrue: boolean;
  /** Its bytes. */
  readonly length: number;
}

const methodCall = 1;
const methodReturn = 2;
/** Nothing is started for our question. */
const noAutoStart = 2;
const version = 1;
/** Kinds of fields of a header, by their number in the D-Bus specification. */
const fields = { path: 1, interface: 2, member: 3, replySerial: 5, destination: 6, signature: 8 } as const;
/** Bytes before the fields: the fixed part, and the length of the fields. */
const fixedLength = 16;

/** One message of D-Bus, version 1, in little-endian. */
export function callMessage(serial: number, call: Call): Buffer {
  const body = new Writer();
  for (const text of call.texts) body.text(text);
  const header = new Writer();
  header.field(fields.path, 'o', call.path);
  header.field(fields.interface, 's', call.interface);
  header.field(fields.member, 's', call.member);
  header.field(fields.destination, 's', call.destination);
  if (call.texts.length > 0) header.field(fields.signature, 'g', 's'.repeat(call.texts.length));
  const fieldBytes = header.bytes();
  const fixed = Buffer.alloc(fixedLength);
  fixed.write('l');
  fixed.writeUInt8(methodCall, 1);
  fixed.writeUInt8(noAutoStart, 2);
  fixed.writeUInt8(version, 3);
  fixed.writeUInt32LE(body.bytes().length, 4);
  fixed.writeUInt32LE(serial, 8);
  fixed.writeUInt32LE(fieldBytes.length, 12);
  const padding = Buffer.alloc(-fieldBytes.length & 7);
  return Buffer.concat([fixed, fieldBytes, padding, body.bytes()]);
}

/** Appends values, each at its alignment. Everything begins at a multiple of eight. */
class Writer {
  #bytes: number[] = [];

  text(text: string): void {
    this.#align(4);
    const bytes = Buffer.from(text);
    this.#bytes.push(bytes.length & 0xff, (bytes.length >> 8) & 0xff, 0, 0, ...bytes, 0);
  }

  field(kind: number, type: 'o' | 's' | 'g', value: string): void {
    this.#align(8);
    this.#bytes.push(kind, 1, type.charCodeAt(0), 0);
    if (type === 'g') this.#bytes.push(value.length, ...Buffer.from(value), 0);
    else this.text(value);
  }

  #align(to: number): void {
    while (this.#bytes.length % to !== 0) this.#bytes.push(0);
  }

  bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }
}

/** Reads the first message. @returns null when it is not there as a whole. */
export function readReply(received: Buffer): Reply | null {
  if (received.length < fixedLength) return null;
  const isLittle = received[0] === 'l'.charCodeAt(0);
  const number = (at: number) => (isLittle ? received.readUInt32LE(at) : received.readUInt32BE(at));
  const fieldsEnd = fixedLength + number(12);
  const bodyStart = (fieldsEnd + 7) & ~7;
  const length = bodyStart + number(4);
  if (received.length < length) return null;
  const to = replySerial(received, fieldsEnd, number);
  // A variant of a boolean: the length of its type, the type, a zero, and the value at the next multiple of four.
  const isVariant = number(4) >= 8 && received[bodyStart] === 1 && received[bodyStart + 1] === 'b'.charCodeAt(0);
  const isTrue = received[1] === methodReturn && isVariant && number(bodyStart + 4) === 1;
  return { to, isTrue, length };
}

function replySerial(received: Buffer, end: number, number: (at: number) => number): number {
  let at = fixedLength;
  while (at + 8 <= end) {
    const kind = received[at];
    const type = String.fromCharCode(received[at + 2] ?? 0);
    const value = at + 4;
    if (kind === fields.replySerial && type === 'u') return number(value);
    if (type === 'u') at = value + 4;
    else if (type === 'g') at = value + (received[value] ?? 0) + 2;
    else at = value + 4 + number(value) + 1;
    at = (at + 7) & ~7;
  }
  return 0;
}
