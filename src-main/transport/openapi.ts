import { z } from 'zod';
import type { ApiName } from '../contract/api.ts';
import { api } from '../contract/api.ts';
import { apiNames } from '../contract/api-names.ts';
import { apiErrorSchema } from '../contract/error-schemas.ts';

type Schema = Readonly<Record<string, unknown>>;

/**
 * The contract as an OpenAPI 3.1 document, for programs that call it over HTTP. Written from the same schemas that check
 * every call, entry by entry, with a pause after each: it must not hold up anything else.
 */
export async function describeApi(version: string): Promise<Schema> {
  const schemas: Record<string, Schema> = {};
  const paths: Record<string, Schema> = {};
  const error = place(schemas, 'ApiError', apiErrorSchema, 'output');
  for (const name of apiNames) {
    paths[`/api/${name}`] = { post: describeEntry(schemas, name, error) };
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Signalbox',
      version,
      description:
        'Every answer is {"ok": true, "value": …} or {"ok": false, "error": …}. Programs send "Authorization: Bearer" with the token in the file api-token of the data folder.',
    },
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
    paths,
  };
}

function describeEntry(schemas: Record<string, Schema>, name: ApiName, error: Schema): Schema {
  const { change, input, output } = api[name];
  const value = place(schemas, `${name}.output`, output, 'output');
  const answer = { type: 'object', required: ['ok', 'value'], properties: { ok: { const: true }, value } };
  const refusal = { type: 'object', required: ['ok', 'error'], properties: { ok: { const: false }, error } };
  return {
    operationId: name,
    summary: change ? 'Changes something.' : 'Changes nothing.',
    requestBody: {
      required: true,
      content: { 'application/json': { schema: place(schemas, `${name}.input`, input, 'input') } },
    },
    responses: {
      200: { description: 'Done.', content: { 'application/json': { schema: answer } } },
      default: { description: 'Refused.', content: { 'application/json': { schema: refusal } } },
    },
  };
}

/** Puts a schema, and those that it refers to, among the components. @returns what refers to it. */
function place(schemas: Record<string, Schema>, name: string, schema: z.ZodType, io: 'input' | 'output'): Schema {
  const made = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const text = JSON.stringify(made).replaceAll('"#/$defs/', `"#/components/schemas/${name}.`);
  const { $schema: _, $defs = {}, ...rest } = JSON.parse(text) as Schema & { $defs?: Record<string, Schema> };
  for (const [part, definition] of Object.entries($defs)) schemas[`${name}.${part}`] = definition;
  schemas[name] = rest;
  return { $ref: `#/components/schemas/${name}` };
}
