import { expect, test } from 'vitest';
import { spawnFailure } from '../../../src-main/agents/host/spawn-failure.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test.each([
  ['ENOENT', 'fatal', /not found/],
  ['EACCES', 'fatal', /may not be executed/],
  ['ENOEXEC', 'fatal', /no program that this system/],
  ['E2BIG', 'fatal', /longer than the system allows/],
  ['EMFILE', 'transient', /too many files/],
  ['ENFILE', 'transient', /too many files/],
  ['ENOMEM', 'transient', /not enough memory/],
  ['EAGAIN', 'transient', /limit of processes/],
  ['ETXTBSY', 'transient', /being written to/],
  ['EWHATEVER', 'unknown', /could not be started: spawn EWHATEVER/],
])('A failed start with %s says what happened and what to do', (code, kind, message) => {
  const error = Object.assign(new Error(`spawn ${code}`), { code });
  const failure = spawnFailure(error, { argv: ['tool'], cwd: temporaryFolder() });
  expect(failure).toMatchObject({ category: 'spawn', class: kind, message: expect.stringMatching(message) });
  expect(failure.remedy).toMatch(/\.$/);
});

test('A failed start without a code is explained as far as it can be', () => {
  expect(spawnFailure('odd', { argv: [], cwd: '/' }).message).toBe('The program  could not be started: odd.');
});
