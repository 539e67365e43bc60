import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { refuse } from '../../src-main/contract/errors.ts';
import { ok } from '../../src-main/contract/result.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createFakeCli } from './fake-context.ts';

function cliWithCopy() {
  const cwd = temporaryFolder();
  const path = join(cwd, 'made.db');
  writeFileSync(path, 'a copy');
  const createBackup = () => ok({ path, at: 1, bytes: 2_500_000, kind: 'asked' as const });
  return { cwd, path, cli: createFakeCli({ cwd, handlers: { createBackup } }) };
}

it('R75 backup names the copy that was made', async () => {
  const { cli, path } = cliWithCopy();
  expect(await cli.run('backup')).toBe(0);
  expect(cli.lines()).toEqual([`Copied the database: ${path} (2.5 MB).`]);
});

it('R75 backup --to puts the copy elsewhere, and never over another file', async () => {
  const { cli, cwd, path } = cliWithCopy();
  expect(await cli.run('backup', '--to', 'mine.db', '--json')).toBe(0);
  expect(JSON.parse(cli.printed.out)).toMatchObject({ path: join(cwd, 'mine.db') });
  expect(readFileSync(join(cwd, 'mine.db'), 'utf8')).toBe('a copy');
  expect(existsSync(path)).toBe(false);
  expect(await cli.run('backup', '--to', 'mine.db')).toBe(2);
  expect(cli.printed.err).toContain('exists already, and was left as it is');
});

it('backup keeps the copy where it was made when it cannot be put elsewhere', async () => {
  const { cli, path } = cliWithCopy();
  expect(await cli.run('backup', '--to', 'none/mine.db')).toBe(2);
  expect(cli.printed.err).toContain(`It is kept as ${path}.`);
  expect(existsSync(path)).toBe(true);
});

it('R75 restore says what was put there and where the rest is kept', async () => {
  const asked: (string | null)[] = [];
  const cli = createFakeCli({
    cwd: '/work',
    restore: async (copy) => {
      asked.push(copy);
      return { kept: copy === null ? null : '/data/replaced/then' };
    },
  });
  expect(await cli.run('restore', 'copy.db')).toBe(0);
  expect(await cli.run('restore', '--empty')).toBe(0);
  expect(await cli.run('restore', 'copy.db', '--json')).toBe(0);
  expect(asked).toEqual(['/work/copy.db', null, '/work/copy.db']);
  expect(cli.lines()).toEqual([
    'Restored /work/copy.db; the file itself stays where it is.',
    'What was in its place is kept in /data/replaced/then.',
    'The database is empty now.',
    '{"restored":"/work/copy.db","kept":"/data/replaced/then"}',
  ]);
});

it('restore wants either a copy or to begin empty', async () => {
  const cli = createFakeCli();
  expect(await cli.run('restore')).toBe(2);
  expect(await cli.run('restore', 'copy.db', '--empty')).toBe(2);
  expect(cli.printed.err).toContain('Either a copy or --empty is needed.');
});

it('R75 export writes lines, and fails when something could not be read', async () => {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, 'folder'));
  const skipped = [{ table: 'events', reason: 'malformed' }];
  const froms: (string | null)[] = [];
  const cli = createFakeCli({
    cwd,
    exportRows: async (from, write) => {
      froms.push(from);
      write('{"end":true}');
      return { rows: 7, skipped: from === null ? [] : skipped };
    },
  });
  expect(await cli.run('export')).toBe(0);
  expect(cli.printed.out).toBe('{"end":true}\n');
  expect(await cli.run('export', '--from', 'old.db', '--out', 'all.jsonl')).toBe(1);
  expect(readFileSync(join(cwd, 'all.jsonl'), 'utf8')).toBe('{"end":true}\n');
  expect(froms).toEqual([null, join(cwd, 'old.db')]);
  expect(cli.printed.err).toContain('Skipped of events: malformed');
  expect(cli.printed.err).toContain('Wrote 7 rows to');
  expect(await cli.run('export', '--out', 'all.jsonl')).toBe(2);
  expect(cli.printed.err).toContain('cannot be made');
});

it('R75 restore is refused while a process works with the folder', async () => {
  const cli = createFakeCli({
    restore: async () => {
      const { RefusedError } = await import('../../src-main/cli/refused.ts');
      throw new RefusedError(refuse('refused', 'Process 7 works with it.', 'End it.').error);
    },
  });
  expect(await cli.run('restore', 'copy.db')).toBe(1);
  expect(cli.printed.err).toContain('Process 7 works with it.');
});
