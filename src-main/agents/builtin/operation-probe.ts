import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { findRecipe } from './calculator/operation-catalogue.ts';
import type { OperationRecipe } from './calculator/operation-recipe.ts';
import { operationPath } from './calculator/render-operation.ts';
import type { ChildProcesses } from './child-processes.ts';
import { StageFailure } from './stage-failure.ts';

/** Longest time for all calls of one operation, in ms. */
const PROBE_TIMEOUT_MS = 5_000;
const SIGNIFICANT_DIGITS = 15;

/** Loads one operation in a process of its own, so that whatever is wrong with it harms nobody else. */
const PROBE = `
const [address, name, calls] = process.argv.slice(1);
const operation = (await import(address))[name];
console.log(JSON.stringify(JSON.parse(calls).map((values) => {
  try {
    return { result: String(operation.compute(...values)) };
  } catch (error) {
    return { refusal: error.message };
  }
})));
`;

const answersSchema = z.array(z.union([z.object({ result: z.string() }), z.object({ refusal: z.string() })]));

/** The first wrong answer of an operation: for which call, what it should have been, and what it was. */
export interface OperationFault {
  readonly operation: string;
  /** Path of the operation's module inside the application. */
  readonly file: string;
  readonly values: readonly number[];
  readonly expected: string;
  readonly actual: string;
}

/**
 * Calls one operation of the application in `folder` with every example that is known for it.
 * Returns its first fault, undefined when there is none or when the operation is not one of ours.
 */
export async function probeOperation(
  children: ChildProcesses,
  folder: string,
  name: string,
): Promise<OperationFault | undefined> {
  const recipe = findRecipe(name);
  if (recipe === undefined) {
    return undefined;
  }
  const expectations = expectationsOf(recipe);
  const file = operationPath(name);
  const answers = await callOperation(
    children,
    join(folder, file),
    name,
    expectations.map(({ values }) => values),
  );
  if (typeof answers === 'string') {
    return { operation: name, file, values: [], expected: 'a module that answers', actual: answers };
  }
  for (const [index, { values, expected, accepts }] of expectations.entries()) {
    const answer = answers[index] ?? { refusal: 'no answer' };
    if (!accepts(answer)) {
      return {
        operation: name,
        file,
        values,
        expected,
        actual: 'result' in answer ? answer.result : `refused: ${answer.refusal}`,
      };
    }
  }
  return undefined;
}

type Answer = z.infer<typeof answersSchema>[number];

interface Expectation {
  readonly values: readonly number[];
  readonly expected: string;
  readonly accepts: (answer: Answer) => boolean;
}

function expectationsOf({ examples, refusals }: OperationRecipe): Expectation[] {
  return [
    ...examples.map(({ values, result }) => ({
      values,
      expected: String(result),
      accepts: (answer: Answer) => 'result' in answer && rounded(answer.result) === rounded(String(result)),
    })),
    ...refusals.map(({ values, reason }) => ({
      values,
      expected: `refused: ${reason}`,
      accepts: (answer: Answer) => 'refusal' in answer && answer.refusal.includes(reason),
    })),
  ];
}

function rounded(text: string): string {
  return Number(text).toPrecision(SIGNIFICANT_DIGITS);
}

/** The answers to all calls, or a sentence that says why there are none. */
async function callOperation(
  children: ChildProcesses,
  path: string,
  name: string,
  calls: readonly (readonly number[])[],
): Promise<Answer[] | string> {
  const args = ['--input-type=module', '--eval', PROBE, pathToFileURL(path).href, name, JSON.stringify(calls)];
  try {
    const { exitCode, stdout, stderr } = await children.run(process.execPath, args, {
      cwd: join(path, '..'),
      timeoutMs: PROBE_TIMEOUT_MS,
    });
    const printed = stdout.trim();
    const last = printed.slice(printed.lastIndexOf('\n') + 1);
    if (exitCode === 0 && last.startsWith('[')) {
      return answersSchema.parse(JSON.parse(last));
    }
    return `it cannot be used: ${
      stderr
        .split('\n')
        .find((line) => /Error/.test(line))
        ?.trim() ?? `exit code ${exitCode}`
    }`;
  } catch (error) {
    if (error instanceof StageFailure && error.facts.class === 'unknown') {
      return `it did not answer within ${PROBE_TIMEOUT_MS} ms`;
    }
    throw error;
  }
}
