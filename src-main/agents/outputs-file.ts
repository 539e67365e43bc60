import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import type { Failure } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { JsonObject } from '../contract/values.ts';
import { jsonObjectSchema } from '../contract/values.ts';

/** The largest outputs file that is read, in bytes. */
export const maxOutputsBytes = 4 * 1024 * 1024;

/** An agent may have put anything in the file's place: links are not followed, and a pipe does not block. Windows has neither flag. */
const CAREFULLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads what an attempt that ended well left in its outputs file, and checks that everything required is there.
 * A file that is missing means no outputs.
 */
export async function readOutputs(path: string, required: readonly string[]): Promise<Result<JsonObject, Failure>> {
  const outputs = await parseFile(path);
  if (!outputs.ok) return outputs;
  const missing = required.filter((name) => !Object.hasOwn(outputs.value, name));
  if (missing.length === 0) return outputs;
  const names = missing.map((name) => `"${name}"`).join(', ');
  return refuse(
    `The agent ended well, but left out the required ${missing.length === 1 ? 'output' : 'outputs'} ${names}.`,
    'Let the agent write them to its outputs file, or take them out of the stage.',
  );
}

async function parseFile(path: string): Promise<Result<JsonObject, Failure>> {
  const bytes = await readBounded(path);
  if (!bytes.ok) return bytes;
  if (bytes.value === null) return ok({});
  const remedy = 'Let the agent write one JSON object, in UTF-8.';
  try {
    const parsed = jsonObjectSchema.safeParse(
      JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.value)),
    );
    if (parsed.success) return ok(parsed.data);
    return refuse(`The outputs file does not hold a JSON object: ${z.prettifyError(parsed.error)}.`, remedy);
  } catch (error) {
    return refuse(`The outputs file is not JSON: ${messageOf(error)}.`, remedy);
  }
}

/** @returns null bytes when there is no file. */
async function readBounded(path: string): Promise<Result<Buffer | null, Failure>> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, CAREFULLY);
    const facts = await file.stat();
    if (!facts.isFile()) return refuse('The outputs file is not an ordinary file.', 'Let the agent write a file.');
    if (facts.size > maxOutputsBytes) return refuse(...tooLarge(facts.size));
    const buffer = Buffer.alloc(facts.size);
    const { bytesRead } = await file.read(buffer, 0, facts.size, 0);
    return ok(buffer.subarray(0, bytesRead));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return ok(null);
    return refuse(`The outputs file cannot be read: ${messageOf(error)}.`, 'Let the agent write an ordinary file.');
  } finally {
    await file?.close();
  }
}

function tooLarge(size: number): [string, string] {
  return [
    `The outputs file has ${size} bytes; at most ${maxOutputsBytes} are read.`,
    'Write large results to files in the workspace, and put their paths into the outputs.',
  ];
}

function refuse(message: string, remedy: string): Result<never, Failure> {
  return err({ category: 'outputs', class: 'unknown', message, remedy });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
