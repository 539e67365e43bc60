import { z } from 'zod';
import { workflowFileSchema } from './file-schema.ts';

/**
 * The JSON Schema (2020-12) of workflow files, for editors: completion, descriptions, and errors while typing. Made
 * from the same schema that checks the files, so that the two cannot disagree.
 */
export function renderWorkflowSchema(): string {
  const schema = z.toJSONSchema(workflowFileSchema, { target: 'draft-2020-12', io: 'input' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
