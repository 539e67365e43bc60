import { expect, test } from 'vitest';
import { findAnswerable, findAnything, findRule, findRun, shortId } from '../../src-main/cli/short-ids.ts';
import { ok } from '../../src-main/contract/result.ts';
import { permissionRow } from '../support/samples.ts';
import { createFakeEngine } from '../transport/fake-engine.ts';
import { reachOf } from './fake-context.ts';

const [waiting, expired] = [permissionRow(), permissionRow({ state: 'expired' })] as const;
const run = (end: string) => `run_${end.padStart(26, '0')}`;
const task = (end: string) => `task_${end.padStart(26, '0')}`;
const attempt = (end: string) => `attempt_${end.padStart(26, '0')}`;

/** Pages of two, so that an abbreviation has to be looked for on several. */
function client(runs: string[], tasks: string[] = []) {
  const pageOf = (ids: string[], after: string | undefined) => {
    const start = after === undefined ? 0 : Number(after);
    const next = start + 2 < ids.length ? String(start + 2) : null;
    return { page: ids.slice(start, start + 2), next };
  };
  const engine = createFakeEngine({
    listRuns: ({ after }) => {
      const { page, next } = pageOf(runs, after);
      return ok({ runs: page.map((id) => ({ id })), next }) as never;
    },
    listTasks: ({ after }) => {
      const { page, next } = pageOf(tasks, after);
      const rows = page.map((id) => ({ id, attemptId: id.endsWith('1') ? attempt(`a${id.slice(-4)}`) : null }));
      return ok({ tasks: rows, next }) as never;
    },
    listPermissions: ({ states }) => {
      const permissions = states === undefined ? [waiting, expired] : [waiting];
      return ok({ permissions, next: null });
    },
    listPermissionRules: () => ok({ rules: [{ id: `rule_${'7'.padStart(26, '0')}` }] }) as never,
    listApprovals: () => ok({ approvals: [{ id: `approval_${'5'.padStart(26, '0')}` }], next: null }) as never,
  });
  return reachOf(engine, 'guest').client;
}

test('an id is shown by its last characters', () => {
  expect(shortId(run('8fk2qa7z'))).toBe('8fk2qa7z');
});

test('the end, the beginning and the whole of an id name its run, also on a later page', async () => {
  const all = client([run('aa1'), run('bb2'), run('cc3'), `run_01xyz${'0'.repeat(21)}`]);
  expect(await findRun(all, 'bb2')).toBe(run('bb2'));
  expect(await findRun(all, 'CC3')).toBe(run('cc3'));
  expect(await findRun(all, '01xyz')).toBe(`run_01xyz${'0'.repeat(21)}`);
  expect(await findRun(all, 'run_01xyz')).toBe(`run_01xyz${'0'.repeat(21)}`);
  expect(await findRun(client([]), run('zz'))).toBe(run('zz'));
});

test('an abbreviation of several is refused with the candidates', async () => {
  const ids = Array.from({ length: 7 }, (_, index) => run(`${index}x`));
  await expect(findRun(client(ids), 'x')).rejects.toMatchObject({
    apiError: {
      type: 'invalidInput',
      message: `"x" stands for 7 ids: ${ids.slice(0, 5).join(', ')}, and 2 more.`,
      remedy: 'Type more of the id.',
    },
  });
});

test.each(['nothing', '', 'run_'])('an abbreviation of none is refused: %j', async (text) => {
  await expect(findRun(client([]), text)).rejects.toMatchObject({ apiError: { type: 'invalidInput' } });
});

test('runs, tasks and the last attempts of tasks are told apart', async () => {
  const all = client([run('aa1')], [task('bb2'), task('cc1')]);
  expect(await findAnything(all, 'aa1')).toEqual({ noun: 'run', id: run('aa1') });
  expect(await findAnything(all, 'bb2')).toEqual({ noun: 'task', id: task('bb2') });
  expect(await findAnything(all, 'a0cc1')).toEqual({ noun: 'attempt', id: attempt('a0cc1') });
  expect(await findAnything(all, run('x1'))).toEqual({ noun: 'run', id: run('x1') });
  expect(await findAnything(all, task('x1'))).toEqual({ noun: 'task', id: task('x1') });
  expect(await findAnything(all, attempt('x1'))).toEqual({ noun: 'attempt', id: attempt('x1') });
});

test('what waits for an answer is found by its end, an answered permission by its whole id', async () => {
  const approval = (end: string) => ({ noun: 'approval', id: `approval_${end.padStart(26, '0')}` });
  expect(await findAnswerable(client([]), '5')).toEqual(approval('5'));
  expect(await findAnswerable(client([]), approval('9').id)).toEqual(approval('9'));
  expect(await findAnswerable(client([]), waiting.id.slice(-4))).toEqual({ noun: 'permission', permission: waiting });
  expect(await findAnswerable(client([]), expired.id)).toEqual({ noun: 'permission', permission: expired });
});

test('a rule is found by its end', async () => {
  expect(await findRule(client([]), '7')).toBe(`rule_${'7'.padStart(26, '0')}`);
  await expect(findRule(client([]), '8')).rejects.toThrow('There is no rule "8".');
});
