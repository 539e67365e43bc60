import { setTimeout as sleep } from 'node:timers/promises';
import type { BehaviourOf } from './behaviour.ts';
import type { Channel } from './channel.ts';
import { writeFully } from './write-fully.ts';

const CHUNK_BYTES = 64 * 1024;
const SECOND_MS = 1_000;

/** Writes more than a reader likes, in lines or as one endless line. Waits while the reader does not keep up. */
export async function flood(behaviour: BehaviourOf<'flood'>, channel: Channel): Promise<void> {
  const write = behaviour.stream === 'stderr' ? (text: string) => writeFully(process.stderr, text) : undefined;
  if (behaviour.oneLineBytes !== undefined) {
    await floodOneLine(behaviour.oneLineBytes, channel, write ?? channel.raw);
    return;
  }
  const { bytes, lineBytes, linesPerSecond } = behaviour;
  const startedAt = performance.now();
  for (let line = 0; line * lineBytes < bytes; line += 1) {
    channel.signal.throwIfAborted();
    const text = floodLine(line, lineBytes);
    await (write === undefined ? channel.say(text) : write(`${text}\n`));
    const aheadMs =
      linesPerSecond === undefined ? 0 : ((line + 1) / linesPerSecond) * SECOND_MS - (performance.now() - startedAt);
    if (aheadMs > 1) {
      await sleep(aheadMs, undefined, { signal: channel.signal });
    }
  }
}

async function floodOneLine(bytes: number, channel: Channel, write: (text: string) => Promise<void>): Promise<void> {
  const chunk = 'x'.repeat(CHUNK_BYTES);
  for (let left = bytes; left > 0; left -= chunk.length) {
    channel.signal.throwIfAborted();
    await write(chunk.slice(0, Math.min(left, chunk.length)));
  }
  await write('\n');
}

/** A line that names its number, of `bytes` bytes together with its line end. */
function floodLine(line: number, bytes: number): string {
  return `line ${line} `.padEnd(bytes - 1, '.').slice(0, bytes - 1);
}

/** What breaks naive readers; the pieces are cut so that characters and lines arrive in parts. */
const GARBAGE: readonly (readonly Uint8Array[])[] = [
  [Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a])],
  [Buffer.from([0xe2, 0x82]), Buffer.from([0xac, 0x0a])],
  [Buffer.from('a\0b\0\n')],
  [Buffer.from('{"jsonrpc":"2.0","id":\n')],
  [Buffer.from('{"jsonrpc":"2.0","method":"no/such_method","params":[1,2]}\n')],
  [Buffer.from('[{"jsonrpc":"2.0"}]\n')],
  [Buffer.from('null\n'), Buffer.from('\n\r\n')],
  [Buffer.from('\u001b[31mnot a message\u001b[0m\r\n')],
  [Buffer.from('{"jsonrpc":"2.0","id":424242,"result":{}}\n')],
];

/** Writes lines of garbage between ordinary output; the same lines in the same order every time. */
export async function writeGarbage(lines: number, channel: Channel): Promise<void> {
  for (let line = 0; line < lines; line += 1) {
    channel.signal.throwIfAborted();
    for (const piece of GARBAGE[line % GARBAGE.length] ?? []) {
      await channel.raw(piece);
      await sleep(1);
    }
    if (line % GARBAGE.length === 0) {
      await channel.say(`ordinary output between the garbage, line ${line}`);
    }
  }
}
