const mib = 1024 * 1024;

/** What the printer prints, in the pieces in which it writes them; the same each time. @param amount how much. */
export function* makePieces(kind: string, amount: number): Generator<Buffer> {
  switch (kind) {
    case 'malformed':
      for (let line = 0; line < amount; line += 1) yield Buffer.from(`{"jsonrpc":"2.0","id":${line},"result":{"a":[\n`);
      return;
    case 'halfLine':
      for (let line = 0; line < amount; line += 1) yield Buffer.from(`line ${line}\n`);
      yield Buffer.from('half a line and then the en');
      return;
    case 'longLine':
      yield* longLine(amount);
      yield Buffer.from('\nthe line behind it\n');
      return;
    case 'noNewline':
      yield* longLine(amount);
      return;
    case 'nul':
      for (let line = 0; line < amount; line += 1) yield Buffer.from([0, 97, 0, 0xff, 0xfe, 0x80, 13, 0, 10]);
      return;
    case 'splitUtf8':
      for (let line = 0; line < amount; line += 1) {
        const bytes = Buffer.from(`€uro 😀 ${line}\n`);
        for (const byte of bytes) yield Buffer.from([byte]);
      }
      return;
    default:
      throw new Error(`The printer does not know ${kind}.`);
  }
}

/** So many MiB that name their place, without an end of line. */
function* longLine(mebibytes: number): Generator<Buffer> {
  for (let place = 0; place < mebibytes; place += 1) yield Buffer.from(`${place} `.padEnd(mib, 'x'));
}
