import { ok } from '../../contract/result.ts';
import type { ViewAnswers } from '../../core/ports.ts';
import type { Statements } from '../connection.ts';
import { lastSeq, readEvents } from '../event-table.ts';
import type { Fragment } from '../read-page.ts';
import { contains } from './search-text.ts';

const searched = ['kind', 'run_id', 'task_id', 'attempt_id', 'agent_id'];

/** Events by any filter. */
export function viewEvents(
  statements: Statements,
  query: Parameters<ViewAnswers['listEvents']>[0],
): ReturnType<ViewAnswers['listEvents']> {
  const { kinds, actors, search, ...page } = query;
  const demands: Fragment[] = [];
  if (kinds !== undefined) demands.push(oneOf('kind', kinds));
  if (actors !== undefined) demands.push(oneOf('actor', actors));
  if (search !== undefined) demands.push(contains(search, searched, ['data']));
  return ok({ events: [...readEvents(statements, { ...page, demands })], lastSeq: lastSeq(statements) });
}

function oneOf(column: string, words: readonly string[]): Fragment {
  return { sql: `${column} IN (${words.map(() => '?').join(', ')})`, values: words };
}
