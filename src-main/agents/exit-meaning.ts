import type { ErrorClass, Failure } from '../contract/errors.ts';

/** `EX_TEMPFAIL` of sysexits.h: the one code by which a command says that another try may help. */
const TEMPORARY = 75;
/** The other codes of sysexits.h: wrong use, wrong input, wrong configuration. */
const SYSEXITS = { first: 64, last: 78 };
/** A shell's codes for a program that cannot be executed, and for one that is not there. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

const MAX_LAST_LINE = 1_000;

/** How a process died. */
export interface Death {
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of what it printed on standard error; empty when there was nothing. */
  readonly lastWords: string;
}

/** How retrying relates to an exit code other than 0. */
function classOfExitCode(code: number): ErrorClass {
  if (code === TEMPORARY) return 'transient';
  const isSysexit = code >= SYSEXITS.first && code <= SYSEXITS.last;
  return isSysexit || code === NOT_EXECUTABLE || code === NOT_FOUND ? 'fatal' : 'unknown';
}

/** What a command that ended with another code than 0 failed of. `lastWords`: as in {@link Death}. */
export function exitFailure(code: number, lastWords: string): Failure {
  return {
    category: 'exit',
    class: classOfExitCode(code),
    message: `The command ended with exit code ${code}. ${quoteLast(lastWords)}`,
  };
}

/** What an attempt failed of whose process died under it: by a signal that was not ours, or without an answer. */
export function deathFailure(what: string, exit: Death): Failure {
  const how = exit.signal === null ? `with exit code ${exit.code}` : `by signal ${exit.signal}`;
  const message = `${what} ended ${how} while it worked. ${quoteLast(exit.lastWords)}`;
  return { category: 'crash', class: 'unknown', message };
}

/** What a process said last, as a sentence: the last line only, because the log has the rest. */
export function quoteLast(lastWords: string): string {
  const lastLine = lastWords.trimEnd().split('\n').at(-1)?.trim().slice(0, MAX_LAST_LINE) ?? '';
  return lastLine === '' ? 'It printed nothing on standard error.' : `Its last words: ${lastLine}`;
}
