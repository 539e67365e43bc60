import type { ViewAnswers, ViewName } from '../../core/ports.ts';
import type { Connection } from '../connection.ts';
import { Statements } from '../connection.ts';
import { viewEvents } from './event-views.ts';
import { viewMetrics } from './metrics.ts';
import { viewOverview } from './overview.ts';
import { selectRunIds, viewRuns } from './run-views.ts';
import { countDeadLetters, selectTaskIds, viewTasks } from './task-views.ts';
import { viewTraffic } from './traffic.ts';

/** Answers the questions of `StoreViews` over one connection, each from one state of the database. */
export function createViewAnswers(connection: Connection): (name: ViewName, query: unknown) => unknown {
  const statements = new Statements(connection);
  const answers: ViewAnswers = {
    listRuns: (query) => viewRuns(statements, query),
    listTasks: (query) => viewTasks(statements, query),
    listEvents: (query) => viewEvents(statements, query),
    countDeadLetters: () => countDeadLetters(statements),
    getOverview: (query) => viewOverview(statements, query),
    getMetrics: (query) => viewMetrics(statements, query),
    getTraffic: (query) => viewTraffic(statements, query),
    selectRunIds: (query) => selectRunIds(statements, query),
    selectTaskIds: (query) => selectTaskIds(statements, query),
  };
  return (name, query) => {
    statements.run('BEGIN');
    try {
      return answers[name](query as never);
    } finally {
      statements.run('COMMIT');
    }
  };
}
