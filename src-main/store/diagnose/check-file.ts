import { lastSeq } from '../event-table.ts';
import { prunedEvents } from '../prune/forgotten.ts';
import type { Check } from './check.ts';
import { faulty, healthy } from './check.ts';

/**
 * SQLite's own check of the file's structure, and that every index says what its table does: a row that is reached
 * through an index takes the indexed column from there, so that a wrong one in the table shows nowhere else.
 */
export const integrityCheck: Check = {
  name: 'database file',
  look: ({ statements }) => {
    const [first] = statements.rows('PRAGMA integrity_check(1)');
    const message = String(first?.[0]);
    return message === 'ok' ? healthy('The file is sound.') : faulty(`The file is damaged: ${message}`);
  },
};

/** Rows that refer to rows which are not there. */
export const foreignKeyCheck: Check = {
  name: 'references between rows',
  look: ({ statements }) => {
    const [first] = statements.rows('PRAGMA foreign_key_check');
    if (first === undefined) return healthy('Every reference leads to a row.');
    return faulty(`A row of ${first[0]} refers to a row of ${first[2]} that does not exist.`);
  },
};

/** Every number from 1 on is that of an event, or of one that was pruned. */
export const numberCheck: Check = {
  name: 'numbers of events',
  look: (reader) =>
    reader.inOneState(() => {
      const { statements } = reader;
      const [first, last, count] = (statements.row('SELECT min(seq), max(seq), count(*) FROM events') ?? []).map(
        Number,
      );
      const pruned = prunedEvents(statements);
      const given = lastSeq(statements);
      if (given === 0) return healthy('There are no events yet.');
      if (given !== Number(count) + pruned || Number(last) > given) {
        const gone = pruned === 0 ? '' : `, and ${pruned} were pruned`;
        return faulty(`${count} events have the numbers ${first} to ${last}${gone}.`);
      }
      if (pruned === 0) return healthy(`${count} events are numbered without a gap.`);
      return healthy(`${count} events and ${pruned} that were pruned are numbered without a gap.`);
    }),
};
