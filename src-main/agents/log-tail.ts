import type { AttemptId } from '../contract/ids.ts';
import { createLogReader } from './log-reader.ts';

const maxLines = 200;
const maxLength = 2_000;

/**
 * The last lines of a log that is complete, each cut to a length that a person reads; none when there is no log.
 * @param lines how many, at most 200.
 */
export async function readTail(logFolder: string, attemptId: AttemptId, lines = maxLines): Promise<string[]> {
  const reader = createLogReader({ folder: logFolder });
  try {
    const first = await reader.read(attemptId, 1, 1);
    if (first === null) return [];
    const from = Math.max(1, first.totalLines - lines + 1);
    const page = await reader.read(attemptId, from, lines);
    return (page?.lines ?? []).map(({ text }) => (text.length > maxLength ? `${text.slice(0, maxLength)}…` : text));
  } finally {
    await reader.close();
  }
}
