import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FaultGroup, Form } from './fault-group.ts';
import type { GroupResult } from './run-group.ts';

const entry = fileURLToPath(new URL('./group-process.ts', import.meta.url));

export interface ApartOptions {
  readonly seed: number;
  readonly form: Form;
  /** How many groups run at the same time. */
  readonly atOnce: number;
  /** Told of each group as it ends. */
  readonly ended: (result: GroupResult) => void;
}

/**
 * Runs groups, each in a process of its own, some at the same time. Those at both ends of the list take longest, and
 * begin first. @returns what they found, in the order of their numbers.
 */
export async function runApart(groups: readonly FaultGroup[], options: ApartOptions): Promise<GroupResult[]> {
  const waiting = [...groups];
  const results: GroupResult[] = [];
  let fromEnd = false;
  const lane = async () => {
    for (let group = waiting.shift(); group !== undefined; group = fromEnd ? waiting.pop() : waiting.shift()) {
      fromEnd = !fromEnd;
      const result = await runInProcess(group, options);
      results.push(result);
      options.ended(result);
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, lane));
  return results.sort((a, b) => a.number - b.number);
}

async function runInProcess(group: FaultGroup, { seed, form }: ApartOptions): Promise<GroupResult> {
  const begun = performance.now();
  const child = fork(entry, [String(group.number), String(seed), form]);
  let result: GroupResult | null = null;
  child.once('message', (message) => {
    result = message as GroupResult;
  });
  const [code, signal] = await once(child, 'exit');
  return result ?? lost(group, `Its process ended (${signal ?? code}) without a result.`, { seed, form, begun });
}

function lost(
  { number, title, faults }: FaultGroup,
  message: string,
  { seed, form, begun }: { readonly seed: number; readonly form: Form; readonly begun: number },
): GroupResult {
  const rerun = `npm run chaos -- --only ${number} --trials ${form} --seed ${seed}`;
  const failures = [{ fault: 'all', number: 0, message, rerun }];
  const seconds = Math.round(performance.now() - begun) / 1_000;
  return { number, title, does: faults, faults: [], seen: {}, properties: {}, expectations: 0, failures, seconds };
}
