import { ok } from '../../../src-main/contract/result.ts';
import type { ReadLog } from '../../../src-renderer/features/logs/page-cache.ts';

/** Logs in memory that answer as the engine does, and count the questions. */
export function fakeLogs(logs: Record<string, readonly string[]>) {
  const questions: { readonly attemptId: string; readonly from: number; readonly limit: number }[] = [];
  const read: ReadLog = (attemptId, from, limit) => {
    questions.push({ attemptId, from, limit });
    const texts = logs[attemptId] ?? [];
    const lines = texts.slice(from - 1, from - 1 + limit).map((text, index) => ({
      number: from + index,
      stream: 'stdout' as const,
      at: 0,
      text: text.slice(0, 65_536),
      cut: text.length > 65_536,
    }));
    return Promise.resolve(ok({ lines, totalLines: texts.length, complete: true, path: `/logs/${attemptId}.log` }));
  };
  return { read, questions };
}

/** Lines that say their number. */
export function numberedLines(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}`);
}
