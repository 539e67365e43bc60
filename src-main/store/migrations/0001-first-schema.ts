import {
  agentStates,
  approvalStates,
  attemptStates,
  priorities,
  runStates,
  stageStates,
  taskStates,
} from '../../contract/states.ts';

/** A comparison with each word: of `IN (…)` SQLite would build a table at every write, which costs a third of it. */
function oneOf(column: string, words: readonly string[]): string {
  return words.map((word) => `${column} = '${word}'`).join(' OR ');
}

/**
 * The first schema. Ids are text, times are milliseconds since the epoch, structured values are JSON text.
 *
 * What never changes and may be large (a task's specification, a run's inputs) has tables of its own, so that a
 * change of state does not write it again. `ready_tasks` is clustered in the order of claiming and holds nothing but
 * claimable tasks, so that a claim reads one page at any depth; delayed tasks wait apart. Priorities are numbers that
 * ascend from the most urgent one for the same reason.
 */
export const firstSchema = `
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  run_id TEXT,
  task_id TEXT,
  attempt_id TEXT,
  agent_id TEXT,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_run ON events (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX events_of_task ON events (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX events_of_agent ON events (agent_id) WHERE agent_id IS NOT NULL;

CREATE TABLE workflow_versions (
  hash TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  origin TEXT NOT NULL,
  registered_at_ms INTEGER NOT NULL,
  source TEXT NOT NULL,
  definition TEXT NOT NULL
) STRICT;

CREATE TABLE runs (
  id TEXT PRIMARY KEY NOT NULL,
  workflow TEXT NOT NULL,
  workflow_hash TEXT NOT NULL REFERENCES workflow_versions (hash),
  state TEXT NOT NULL CHECK (${oneOf('state', runStates)}),
  priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND ${priorities.length - 1}),
  request_id TEXT NOT NULL UNIQUE,
  trace_id TEXT NOT NULL,
  folder TEXT NOT NULL,
  rerun_of TEXT,
  progress INTEGER NOT NULL CHECK (progress BETWEEN 0 AND 100),
  waiting_for TEXT,
  pause_requested_at_ms INTEGER,
  cancel_requested_at_ms INTEGER,
  cancel_reason TEXT,
  created_at_ms INTEGER NOT NULL,
  started_at_ms INTEGER,
  ended_at_ms INTEGER,
  failure TEXT
) STRICT;
CREATE INDEX runs_by_state ON runs (state, id);
CREATE INDEX runs_by_workflow ON runs (workflow, id);

CREATE TABLE run_inputs (
  run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id),
  inputs TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stages (
  run_id TEXT NOT NULL REFERENCES runs (id),
  stage_index INTEGER NOT NULL,
  name TEXT NOT NULL,
  needs TEXT NOT NULL,
  state TEXT NOT NULL CHECK (${oneOf('state', stageStates)}),
  task_id TEXT,
  approval_id TEXT,
  tolerated INTEGER NOT NULL CHECK (tolerated IN (0, 1)),
  inherited INTEGER NOT NULL CHECK (inherited IN (0, 1)),
  started_at_ms INTEGER,
  ended_at_ms INTEGER,
  gates TEXT NOT NULL,
  failure TEXT,
  reason TEXT,
  outputs TEXT,
  PRIMARY KEY (run_id, stage_index),
  UNIQUE (run_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE tasks (
  id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT REFERENCES runs (id),
  stage TEXT,
  state TEXT NOT NULL CHECK (${oneOf('state', taskStates)}),
  priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND ${priorities.length - 1}),
  position INTEGER NOT NULL,
  available_at_ms INTEGER NOT NULL,
  held INTEGER NOT NULL CHECK (held IN (0, 1)),
  trace_id TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  interruptions INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  attempt_id TEXT,
  agent_id TEXT,
  cancel_requested_at_ms INTEGER,
  created_at_ms INTEGER NOT NULL,
  started_at_ms INTEGER,
  ended_at_ms INTEGER,
  failure TEXT,
  outputs TEXT
) STRICT;
CREATE INDEX tasks_of_run ON tasks (run_id, id) WHERE run_id IS NOT NULL;
-- Live tasks are found through their leases.
CREATE INDEX tasks_by_state ON tasks (state, id) WHERE state <> 'claimed' AND state <> 'running';

CREATE TABLE task_specs (
  task_id TEXT PRIMARY KEY NOT NULL REFERENCES tasks (id),
  title TEXT NOT NULL,
  agent_ref TEXT NOT NULL,
  spec TEXT NOT NULL
) STRICT;

CREATE TABLE task_needs (
  need_id TEXT NOT NULL,
  task_id TEXT NOT NULL REFERENCES tasks (id),
  PRIMARY KEY (need_id, task_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE ready_tasks (
  route TEXT NOT NULL,
  priority INTEGER NOT NULL,
  position INTEGER NOT NULL,
  task_id TEXT NOT NULL REFERENCES tasks (id),
  PRIMARY KEY (route, priority, position, task_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE delayed_tasks (
  available_at_ms INTEGER NOT NULL,
  task_id TEXT NOT NULL REFERENCES tasks (id),
  route TEXT NOT NULL,
  PRIMARY KEY (available_at_ms, task_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
  id TEXT PRIMARY KEY NOT NULL,
  task_id TEXT NOT NULL REFERENCES tasks (id),
  run_id TEXT REFERENCES runs (id),
  stage TEXT,
  number INTEGER NOT NULL,
  agent_id TEXT NOT NULL,
  fence INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (${oneOf('state', attemptStates)}),
  process TEXT,
  claimed_at_ms INTEGER NOT NULL,
  started_at_ms INTEGER,
  ended_at_ms INTEGER,
  activities INTEGER NOT NULL,
  exit TEXT,
  gates TEXT NOT NULL,
  failure TEXT,
  outputs TEXT,
  UNIQUE (task_id, number)
) STRICT;
CREATE INDEX attempts_live ON attempts (id) WHERE ended_at_ms IS NULL;

CREATE TABLE leases (
  task_id TEXT PRIMARY KEY NOT NULL REFERENCES tasks (id),
  attempt_id TEXT NOT NULL REFERENCES attempts (id),
  agent_id TEXT NOT NULL,
  fence INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX leases_of_agent ON leases (agent_id);

CREATE TABLE agents (
  id TEXT PRIMARY KEY NOT NULL,
  definition TEXT NOT NULL,
  state TEXT NOT NULL CHECK (${oneOf('state', agentStates)}),
  reason TEXT,
  version TEXT,
  processes TEXT NOT NULL,
  starts_on_demand INTEGER NOT NULL CHECK (starts_on_demand IN (0, 1)),
  crashes_in_row INTEGER NOT NULL,
  restarts INTEGER NOT NULL,
  restart_at_ms INTEGER,
  registered_at_ms INTEGER NOT NULL,
  state_since_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE approvals (
  id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (id),
  stage TEXT NOT NULL,
  question TEXT NOT NULL,
  state TEXT NOT NULL CHECK (${oneOf('state', approvalStates)}),
  on_timeout TEXT NOT NULL,
  expires_at_ms INTEGER,
  requested_at_ms INTEGER NOT NULL,
  answered_at_ms INTEGER,
  comment TEXT
) STRICT;
CREATE INDEX approvals_by_state ON approvals (state, id);

CREATE TABLE engine (
  id TEXT PRIMARY KEY NOT NULL CHECK (id = 'engine'),
  frozen_at_ms INTEGER,
  frozen_reason TEXT
) STRICT;

CREATE TABLE counters (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
`;
