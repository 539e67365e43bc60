import { parentPort } from 'node:worker_threads';
import type { ParsedWorkflow } from './parse-workflow.ts';
import { parseWorkflow } from './parse-workflow.ts';

/** A text to check, as the thread is asked. */
export interface ParseRequest {
  readonly id: number;
  readonly text: string;
  readonly agentTypes: readonly string[] | null;
}

export interface ParseReply {
  readonly id: number;
  readonly parsed: ParsedWorkflow;
}

/** A thread that checks workflow texts, one after the other, so that nobody else waits for a text that takes long. */
parentPort?.on('message', ({ id, text, agentTypes }: ParseRequest) => {
  parentPort?.postMessage({ id, parsed: parseWorkflow(text, agentTypes) } satisfies ParseReply);
});
