import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProgram } from '../../src-main/engine/find-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a program is a file that may be run; on Windows its ending tells', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'git'));
  writeFileSync(join(folder, 'codex.cmd'), '');
  chmodSync(join(folder, 'codex.cmd'), 0o755);
  expect(findProgram('git', { PATH: folder }, 'linux')).toBeNull();
  expect(findProgram('codex', { PATH: folder }, 'linux')).toBeNull();
  expect(findProgram('codex', { Path: folder, PATHEXT: '.EXE;.CMD' }, 'win32')).toBe(join(folder, 'codex.cmd'));
  expect(findProgram('codex', {}, 'win32')).toBeNull();
});
