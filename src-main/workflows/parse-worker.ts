import { parentPort } from 'node:worker_threads';
import type { ParsedWorkflow } from './parse-workflow.ts';
import { parseWorkflow } from './parse-workflow.ts';

/** A text to check, as the thread is asked. */
export interface ParseRequest {
  readonly text: string;
  readonly agentTypes: readonly string[] | null;
}

/** A thread that checks workflow texts, one after the other, so that nobody else waits for a text that takes long. */
parentPort?.on('message', ({ text, agentTypes }: ParseRequest) => {
  parentPort?.postMessage(parseWorkflow(text, agentTypes) satisfies ParsedWorkflow);
});
