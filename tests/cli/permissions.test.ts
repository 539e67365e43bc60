import { expect, test, vi } from 'vitest';
import type { ApiHandlers } from '../../src-main/contract/api.ts';
import type { Permission } from '../../src-main/contract/permission.ts';
import { ok } from '../../src-main/contract/result.ts';
import { permissionRow } from '../support/samples.ts';
import { createFakeCli } from './fake-context.ts';
import { sampleId } from './samples.ts';

const id = `permission_${'5'.padStart(26, '0')}` as Permission['id'];
const permission = permissionRow({ id, requestedAt: 990_000 });
const rule = {
  id: `rule_${'7'.padStart(26, '0')}`,
  agentId: 'worker',
  tool: 'edit',
  answer: 'allow',
  addedAt: 990_000,
};

function open(more: Partial<ApiHandlers> = {}) {
  const answered = vi.fn((input: { optionId: string }) => {
    const [yes, no] = permission.options;
    return ok({ ...permission, state: 'answered' as const, answer: (input.optionId === 'yes' ? yes : no) ?? null });
  });
  const cli = createFakeCli({
    handlers: {
      listApprovals: () => ok({ approvals: [], next: null }),
      listPermissions: () => ok({ permissions: [permission], next: null }),
      listPermissionRules: () => ok({ rules: [rule] }) as never,
      removePermissionRule: () => ok({}),
      answerPermission: answered,
      ...more,
    },
  });
  return { cli, answered };
}

test('R47 approvals lists what agents ask for, too', async () => {
  const { cli } = open();
  expect(await cli.run('approvals')).toBe(0);
  const shown = cli.lines().map((line) => line.trimEnd().split(/ {2,}/));
  expect(shown[0]?.slice(0, 7)).toEqual(['state', 'permission', 'of', 'agent', 'tool', 'wants to', 'asked']);
  expect(shown[1]?.slice(3)).toEqual(['worker', 'edit', 'Write README', '10 s ago']);
  const json = open();
  expect(await json.cli.run('approvals', '--json', '--state', 'withdrawn', '--state', 'approved')).toBe(0);
  expect(JSON.parse(json.cli.printed.out)).toEqual({ approvals: [], next: null, permissions: [permission] });
  expect(json.cli.engine.calls.map(({ input }) => input)).toMatchObject([
    { states: ['withdrawn', 'approved'] },
    { states: ['withdrawn'] },
  ]);
});

test('nothing waits when neither workflows nor agents ask', async () => {
  const { cli } = open({ listPermissions: () => ok({ permissions: [], next: null }) });
  expect(await cli.run('approvals')).toBe(0);
  expect(cli.printed.out).toBe('Nothing waits for you.\n');
});

test.each([
  [['approve', '5'], { optionId: 'yes', always: false }, 'Approved: Write README (agent worker, Allow)'],
  [['reject', id, '--always', '--comment', 'no'], { optionId: 'no', always: true, comment: 'no' }, 'Rejected: Write'],
])('R47 %j answers an agent with the option of that kind', async (argv, input, words) => {
  const { cli } = open();
  expect(await cli.run(...argv)).toBe(0);
  expect(cli.engine.calls.at(-1)?.input).toEqual({ permissionId: id, ...input });
  expect(cli.printed.out).toContain(words);
});

test('an answer that the agent does not offer is refused with what it offers', async () => {
  const onlyNo = { ...permission, options: permission.options.slice(1) };
  const { cli, answered } = open({ listPermissions: () => ok({ permissions: [onlyNo], next: null }) });
  expect(await cli.run('approve', '5')).toBe(2);
  expect(cli.printed.err).toContain('it offers: Reject');
  expect(answered).not.toHaveBeenCalled();
});

test('a question of a workflow has no standing answer', async () => {
  const { cli } = open();
  expect(await cli.run('approve', sampleId('approval', 5), '--always')).toBe(2);
  expect(cli.printed.err).toContain('has no rules');
});

test('rules are listed and taken back', async () => {
  const { cli } = open();
  expect(await cli.run('rules')).toBe(0);
  expect(cli.lines()[1]?.split(/ {2,}/)).toEqual(['00000007', 'worker', 'edit', 'allow', '10 s ago']);
  expect(await cli.run('rules', 'remove', '7')).toBe(0);
  expect(cli.engine.calls.at(-1)?.input).toEqual({ ruleId: rule.id });
  const none = open({ listPermissionRules: () => ok({ rules: [] }) });
  expect(await none.cli.run('rules')).toBe(0);
  expect(none.cli.printed.out).toContain('No rules.');
});
