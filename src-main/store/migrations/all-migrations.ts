import { firstSchema } from './0001-first-schema.ts';
import { permissionSchema } from './0002-permissions.ts';
import { agentRecordSchema } from './0003-agent-record.ts';
import { endTimesSchema } from './0004-end-times.ts';
import { trustSchema } from './0005-trust.ts';
import { fewerWritesSchema } from './0006-fewer-writes.ts';

/**
 * Every change of the schema, oldest first; the n-th leads to schema version n. A migration that was released is
 * never edited: a further change is a further one.
 */
export const migrations: readonly string[] = [
  firstSchema,
  permissionSchema,
  agentRecordSchema,
  endTimesSchema,
  trustSchema,
  fewerWritesSchema,
];
