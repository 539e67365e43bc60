import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTemporaryFolder } from './temporary-folder.ts';

const source = fileURLToPath(new URL('./posix-spawn.c', import.meta.url));

/**
 * How many processes a second a program in C starts and ends by posix_spawn on this machine, so many at once. Null where
 * there is no C compiler.
 */
export function measureSpawnRate(program: string, count: number, atOnce: number): Promise<number | null> {
  return inTemporaryFolder(async (folder) => {
    const binary = join(folder, 'posix-spawn');
    try {
      execFileSync('cc', ['-O2', '-o', binary, source], { stdio: 'ignore' });
    } catch {
      return null;
    }
    return Number(execFileSync(binary, [String(count), String(atOnce), program], { encoding: 'utf8' }));
  });
}
