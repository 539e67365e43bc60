import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { NoticeReason } from '../../contract/desktop-settings.ts';
import { noticeReasons } from '../../contract/desktop-settings.ts';

/** What was told already, kept over restarts so that nothing is told twice. */
export interface NoticeRecord {
  /** For each reason: the number of the event up to which all was told, or was not to be told. */
  readonly toldUpTo: Readonly<Record<NoticeReason, number>>;
  /** Keys of what was told that no event tells, as long as it holds. */
  readonly told: readonly string[];
}

export interface NoticeRecordFile {
  /** @returns null when there is none, or when it is damaged: then nothing that came before is told. */
  read(): NoticeRecord | null;
  /** A disk that takes nothing is told of elsewhere; until the end of this process nothing is told twice all the same. */
  write(record: NoticeRecord): void;
}

/** No more than this is told at one time and still holds. */
const mostKeys = 200;
const mostOfKey = 300;

/** A record in a file of its own. It is replaced as a whole: a crash leaves the old one or the new one. */
export function openNoticeRecord(path: string): NoticeRecordFile {
  return {
    read() {
      try {
        return parseRecord(JSON.parse(readFileSync(path, 'utf8')));
      } catch {
        return null;
      }
    },
    write(record) {
      const beside = `${path}.new`;
      try {
        writeFileSync(beside, JSON.stringify({ ...record, told: record.told.slice(-mostKeys) }), { mode: 0o600 });
        renameSync(beside, path);
      } catch {
        // What is told after this may be told again by the next start.
      }
    },
  };
}

/** The same position for every reason. */
export function allToldUpTo(seq: number): NoticeRecord['toldUpTo'] {
  return { finished: seq, failed: seq, stuck: seq, needsYou: seq, trouble: seq, update: seq };
}

function parseRecord(value: unknown): NoticeRecord | null {
  const { toldUpTo, told } = fieldsOf(value);
  const positions = fieldsOf(toldUpTo);
  const isWhole = noticeReasons.every((reason) => isPosition(positions[reason]));
  if (!isWhole || !Array.isArray(told) || !told.every(isKey)) return null;
  const found = noticeReasons.map((reason) => [reason, Number(positions[reason])]);
  return { toldUpTo: { ...allToldUpTo(0), ...Object.fromEntries(found) }, told: told.slice(-mostKeys) };
}

function isPosition(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && value.length <= mostOfKey;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
