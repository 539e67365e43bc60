import { z } from 'zod';
import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import { workflowHashSchema } from '../contract/ids.ts';
import type { WorkflowVersion } from '../contract/workflow.ts';
import { workflowOrigins, workflowVersionSchema } from '../contract/workflow.ts';
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

const pageSql = (condition: string) => `
SELECT hash, name, origin, registered_at_ms FROM workflow_versions
WHERE ${condition} AND (registered_at_ms, hash) < (?, ?) ORDER BY registered_at_ms DESC, hash DESC LIMIT ?`;

const listedSchema = z.object({
  hash: workflowHashSchema,
  name: z.string(),
  origin: z.enum(workflowOrigins),
  registeredAt: z.number(),
});

/** Behind the last version of any page: a time beyond all times. */
const newest: readonly [number, string] = [Number.MAX_SAFE_INTEGER, ''];

/**
 * Versions without their texts, newest first. A page begins behind the time and the hash of the last one before; the
 * texts come last in a row, so that reading over them costs nothing.
 */
export function listWorkflowVersions(
  statements: Statements,
  { workflow, after, limit }: ApiParsedInput<'listWorkflowVersions'>,
): ApiOutput<'listWorkflowVersions'> {
  const [time, hash] = after === undefined ? newest : after.split('-');
  const key = [Number(time), hash ?? '', limit + 1];
  const found =
    workflow === undefined
      ? statements.rows(pageSql('true'), ...key)
      : statements.rows(pageSql('name = ?'), workflow, ...key);
  const versions = found
    .slice(0, limit)
    .map(([id, name, origin, registeredAt]) =>
      decodeChecked(listedSchema, `workflow version ${id}`, { hash: id, name, origin, registeredAt }),
    );
  const last = versions.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { versions, next: hasMore ? `${last.registeredAt}-${last.hash}` : null };
}
