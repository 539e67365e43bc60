/**
 * Fewer writes for every task: a lease is a column of its attempt instead of a row of its own with two indexes, how many
 * leases an agent holds and how many permissions are open are counters, and places in the queue are not looked up in
 * the table of tasks, which they are written together with.
 */
export const fewerWritesSchema = `
ALTER TABLE attempts ADD COLUMN lease_expires_at_ms INTEGER;
UPDATE attempts SET lease_expires_at_ms = (SELECT l.expires_at_ms FROM leases l WHERE l.attempt_id = attempts.id)
  WHERE ended_at_ms IS NULL;
DROP TABLE leases;

INSERT INTO counters (scope, key, value)
  SELECT 'leases', agent_id, count(*) FROM tasks WHERE state = 'claimed' OR state = 'running' GROUP BY agent_id;
INSERT INTO counters (scope, key, value) SELECT 'permissions', 'open', count(*) FROM permissions WHERE state = 'open';

ALTER TABLE ready_tasks RENAME TO old_ready_tasks;
CREATE TABLE ready_tasks (
  route TEXT NOT NULL,
  priority INTEGER NOT NULL,
  position INTEGER NOT NULL,
  task_id TEXT NOT NULL,
  PRIMARY KEY (route, priority, position, task_id)
) STRICT, WITHOUT ROWID;
INSERT INTO ready_tasks SELECT route, priority, position, task_id FROM old_ready_tasks;
DROP TABLE old_ready_tasks;

ALTER TABLE delayed_tasks RENAME TO old_delayed_tasks;
CREATE TABLE delayed_tasks (
  available_at_ms INTEGER NOT NULL,
  task_id TEXT NOT NULL,
  route TEXT NOT NULL,
  PRIMARY KEY (available_at_ms, task_id)
) STRICT, WITHOUT ROWID;
INSERT INTO delayed_tasks SELECT available_at_ms, task_id, route FROM old_delayed_tasks;
DROP TABLE old_delayed_tasks;
`;
