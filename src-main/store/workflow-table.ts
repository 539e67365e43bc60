import type { WorkflowVersion } from '../contract/workflow.ts';
import { workflowVersionSchema } from '../contract/workflow.ts';
import { decodeChecked } from './checked-row.ts';
import type { Statements } from './connection.ts';

const loadSql = 'SELECT hash, name, origin, registered_at_ms, source, definition FROM workflow_versions WHERE hash = ?';
const insertSql = `
INSERT INTO workflow_versions (hash, name, origin, registered_at_ms, source, definition) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING`;

/** A version of a workflow by its hash; null when it was never stored. */
export function loadWorkflow(statements: Statements, hash: string): WorkflowVersion | null {
  const columns = statements.row(loadSql, hash);
  if (columns === undefined) return null;
  const [, name, origin, registeredAt, source, definition] = columns;
  return decodeChecked(workflowVersionSchema, `workflow version ${hash}`, {
    hash,
    name,
    origin,
    registeredAt,
    source,
    definition: JSON.parse(String(definition)),
  });
}

/** Stores a version unless it is there. @returns whether it was new. */
export function putWorkflow(statements: Statements, version: WorkflowVersion): boolean {
  const { hash, name, origin, registeredAt, source, definition } = version;
  return statements.run(insertSql, hash, name, origin, registeredAt, source, JSON.stringify(definition)) > 0;
}
