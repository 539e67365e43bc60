/** Compiles every room as a program of its own and reports all of them, not only the first that fails. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAMS = ['contract', 'core', 'main', 'preload', 'renderer', 'tests', 'tools'];

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

const failed = PROGRAMS.filter((program) => {
  const { status } = spawnSync(process.execPath, [compiler, '--project', `tsconfig.${program}.json`], {
    cwd: root,
    stdio: 'inherit',
  });
  return status !== 0;
});

if (failed.length > 0) {
  console.error(`Type errors in: ${failed.join(', ')}.`);
  process.exitCode = 1;
}
