import { breakerStates } from '../../contract/states.ts';

/**
 * What lets the engine be left alone: attempts that are stuck, circuit breakers, schedules with what became of each of
 * their times, and a place for rows that cannot be read.
 */
export const trustSchema = `
ALTER TABLE attempts ADD COLUMN stuck TEXT;

CREATE TABLE breakers (
  id TEXT PRIMARY KEY NOT NULL,
  state TEXT NOT NULL CHECK (${breakerStates.map((state) => `state = '${state}'`).join(' OR ')}),
  failures_in_row INTEGER NOT NULL,
  successes_in_row INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  retry_at_ms INTEGER,
  last_failure TEXT,
  state_since_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE schedules (
  id TEXT PRIMARY KEY NOT NULL,
  definition TEXT NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  next_at_ms INTEGER,
  waiting TEXT NOT NULL,
  last_run_id TEXT,
  last_task_id TEXT,
  saved_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE firings (
  id TEXT PRIMARY KEY NOT NULL,
  schedule_id TEXT NOT NULL,
  due_at_ms INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  run_id TEXT,
  task_id TEXT,
  reason TEXT
) STRICT;
CREATE INDEX firings_of_schedule ON firings (schedule_id, due_at_ms);

CREATE TABLE quarantined_rows (
  table_name TEXT NOT NULL,
  id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  reason TEXT NOT NULL,
  row TEXT NOT NULL
) STRICT;
`;
