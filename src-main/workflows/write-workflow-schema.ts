/** Writes `resources/workflow.schema.json`; run by `npm run schema` after the file format was changed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderWorkflowSchema } from './workflow-schema.ts';

writeFileSync(join(import.meta.dirname, '../../resources/workflow.schema.json'), renderWorkflowSchema());
