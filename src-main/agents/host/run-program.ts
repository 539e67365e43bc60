import { execFile } from 'node:child_process';
import type { RunProgram } from '../process-table.ts';

const timeoutMs = 10_000;
const maxOutputBytes = 64 * 1024 * 1024;

/** Runs a program of the system in its plain language; an error gives what was printed until then. */
export const runProgram: RunProgram = (program, args) =>
  new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: 'C' };
    const options = { env, timeout: timeoutMs, maxBuffer: maxOutputBytes, windowsHide: true };
    execFile(program, args, options, (_error, output) => resolve(output));
  });
