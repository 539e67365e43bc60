import { permissionStates } from '../../contract/states.ts';

/**
 * What agents ask people for, and the rules by which some of it is answered. Open permissions have an index of their
 * own: every end of an attempt looks for its own there, and nearly always finds none.
 */
export const permissionSchema = `
CREATE TABLE permissions (
  id TEXT PRIMARY KEY NOT NULL,
  attempt_id TEXT NOT NULL REFERENCES attempts (id),
  task_id TEXT NOT NULL REFERENCES tasks (id),
  run_id TEXT REFERENCES runs (id),
  stage TEXT,
  agent_id TEXT NOT NULL,
  call_id TEXT NOT NULL,
  tool TEXT NOT NULL,
  title TEXT NOT NULL,
  detail TEXT NOT NULL,
  options TEXT NOT NULL,
  state TEXT NOT NULL CHECK (${permissionStates.map((state) => `state = '${state}'`).join(' OR ')}),
  requested_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER,
  answered_at_ms INTEGER,
  answer TEXT,
  answered_by TEXT,
  comment TEXT
) STRICT;
CREATE INDEX permissions_by_state ON permissions (state, id);
CREATE INDEX permissions_open ON permissions (attempt_id) WHERE state = 'open';

CREATE TABLE permission_rules (
  id TEXT PRIMARY KEY NOT NULL,
  agent_id TEXT NOT NULL,
  tool TEXT NOT NULL,
  answer TEXT NOT NULL CHECK (answer = 'allow' OR answer = 'reject'),
  added_at_ms INTEGER NOT NULL,
  UNIQUE (agent_id, tool)
) STRICT;
`;
