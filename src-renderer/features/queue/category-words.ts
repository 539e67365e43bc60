import type { Failure } from '../../../src-main/contract/errors.ts';

/** What a failure was about, in a word or two. */
export const categoryWords: Readonly<Record<Failure['category'], string>> = {
  timeout: 'time-out',
  crash: 'crash',
  protocol: 'protocol broken',
  handshake: 'no handshake',
  spawn: 'could not start',
  folder: 'folder missing',
  exit: 'exit code',
  gate: 'gate not met',
  outputs: 'outputs missing',
  agent: 'agent said so',
  stale: 'no heartbeat',
  stuck: 'did nothing',
  quota: 'quota used up',
  dependency: 'needed task failed',
  expression: 'expression',
  approval: 'not approved',
  engine: 'engine',
  frozen: 'frozen',
  cancelled: 'cancelled',
};
