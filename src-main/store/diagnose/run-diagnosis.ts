import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { Finding } from '../../contract/api-engine.ts';
import { findingSchema } from '../../contract/api-engine.ts';
import { workerEntry } from '../worker-entry.ts';

/**
 * Looks at a database in a thread of its own, so that the main one stays free however long it takes.
 * @param entry another thread, for tests.
 */
export async function runDiagnosis(file: string, entry = workerEntry('diagnose-worker')): Promise<readonly Finding[]> {
  const worker = new Worker(entry, { workerData: { file } });
  let findings: unknown = null;
  let failure: unknown = null;
  worker.once('message', (message) => {
    findings = message;
  });
  worker.once('error', (error) => {
    failure = error;
  });
  await new Promise((resolve) => worker.once('exit', resolve));
  if (findings !== null) return z.array(findingSchema).parse(findings);
  const reason = failure instanceof Error ? failure.message : 'its thread ended without a result';
  return [
    {
      check: 'database',
      status: 'broken',
      detail: `The database could not be checked: ${reason}.`,
      remedy: `Check that ${file} exists and may be read, then run the check again.`,
    },
  ];
}
