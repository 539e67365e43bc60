import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes to a stream and waits while the reader does not keep up. */
export async function writeFully(stream: Writable, bytes: string | Uint8Array): Promise<void> {
  if (!stream.write(bytes)) {
    await once(stream, 'drain');
  }
}
