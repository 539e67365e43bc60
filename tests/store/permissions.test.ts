import { expect, it } from 'vitest';
import type { NewEvent } from '../../src-main/contract/event.ts';
import type { Attempt } from '../../src-main/contract/task.ts';
import type { Store } from '../../src-main/core/ports.ts';
import { connectTo, expectSound, openTestStore } from './open-test-store.ts';
import {
  addTask,
  agentRegistered,
  at,
  claimFirst,
  ids,
  permissionAnswered,
  permissionRequested,
} from './sample-events.ts';

/** A live attempt of a task that stands alone. */
async function claim(store: Store): Promise<Attempt> {
  const attempt = await store.write((unit) => {
    addTask(unit);
    return claimFirst(unit);
  });
  if (attempt === null) throw new Error('nothing was claimed');
  return attempt;
}

it('I2 keeps every field of a permission, open and answered', async () => {
  const { store, file } = await openTestStore();
  const attempt = await claim(store);
  const requested = permissionRequested(attempt, { expiresAt: at + 9, detail: 'd'.repeat(10_000) });
  await store.write((unit) => unit.record([requested]));
  const open = store.reads.row('permission', requested.permissionId);
  const { kind: _, at: requestedAt, actor: __, permissionId: id, ...told } = requested;
  const unanswered = { answeredAt: null, answer: null, answeredBy: null, comment: null };
  expect(open).toEqual({ id, ...told, state: 'open', requestedAt, ...unanswered });
  if (open === null) throw new Error('it has no row');
  const [answer = null] = open.options;
  const end = { state: 'answered' as const, answer, by: 'person' as const, comment: 'fine' };
  await store.write((unit) => unit.record([permissionAnswered(open, end)]));
  expect(store.reads.row('permission', id)).toEqual({
    ...open,
    state: 'answered',
    answeredAt: at + 2,
    answer,
    answeredBy: 'person',
    comment: 'fine',
  });
  expectSound(file);
});

it('R47 finds open ones at once: all, those of an attempt, and how many', async () => {
  const { store } = await openTestStore();
  const [one, two] = [await claim(store), await claim(store)];
  const requested = [permissionRequested(one), permissionRequested(two), permissionRequested(one)];
  await store.write((unit) => unit.record(requested));
  const [first, second, third] = requested.map(({ permissionId }) => permissionId);
  expect(store.reads.openPermissions().map(({ id }) => id)).toEqual([first, second, third]);
  expect(store.reads.openPermissions(one.id).map(({ id }) => id)).toEqual([first, third]);
  expect(store.reads.countOpenPermissions()).toBe(3);
  expect(store.reads.countOpenApprovals()).toBe(0);
  await store.write((unit) => unit.record(unit.openPermissions(one.id).map((open) => permissionAnswered(open))));
  expect(store.reads.openPermissions(one.id)).toEqual([]);
  expect(store.reads.countOpenPermissions()).toBe(1);
});

it('lists permissions by their states, newest first, in pages', async () => {
  const { store } = await openTestStore();
  const attempt = await claim(store);
  const requested = Array.from({ length: 5 }, () => permissionRequested(attempt));
  await store.write((unit) => {
    unit.record(requested);
    const [oldest] = unit.openPermissions();
    return unit.record(oldest === undefined ? [] : [permissionAnswered(oldest, { state: 'expired', by: 'policy' })]);
  });
  const newestFirst = requested.map(({ permissionId }) => permissionId).toReversed();
  const { permissions, next } = store.reads.listPermissions({ limit: 3 });
  expect(permissions.map(({ id }) => id)).toEqual(newestFirst.slice(0, 3));
  const rest = store.reads.listPermissions({ limit: 3, after: next ?? '' });
  expect(rest.permissions.map(({ id }) => id)).toEqual(newestFirst.slice(3));
  expect(rest.next).toBeNull();
  expect(store.reads.listPermissions({ limit: 9, states: ['expired'] }).permissions).toMatchObject([
    { id: newestFirst[4], answeredBy: 'policy' },
  ]);
  expect(store.reads.listPermissions({ limit: 9, states: ['open', 'withdrawn'] }).permissions).toHaveLength(4);
});

it('keeps rules until they are removed, one for an agent and kind of tool', async () => {
  const { store, file } = await openTestStore();
  const { agentId } = agentRegistered();
  const about = { at, actor: 'person' as const, agentId };
  const rule = (answer: 'allow' | 'reject'): Extract<NewEvent, { kind: 'permission.ruleAdded' }> => {
    return { ...about, kind: 'permission.ruleAdded', ruleId: ids.permissionRuleId(), tool: 'edit', answer };
  };
  const [first, second] = [rule('allow'), rule('reject')];
  await store.write((unit) => unit.record([first]));
  expect(store.reads.permissionRules()).toEqual([
    { id: first.ruleId, agentId, tool: 'edit', answer: 'allow', addedAt: at },
  ]);
  await expect(store.write((unit) => unit.record([first]))).rejects.toThrow('a second time');
  await expect(store.write((unit) => unit.record([second]))).rejects.toThrow('UNIQUE constraint failed');
  const removed: NewEvent = { ...about, kind: 'permission.ruleRemoved', ruleId: first.ruleId, reason: 'enough' };
  await store.write((unit) => unit.record([removed, second]));
  expect(store.reads.permissionRules()).toMatchObject([{ id: second.ruleId, answer: 'reject' }]);
  expect(store.reads.row('permissionRule', first.ruleId)).toBeNull();
  await expect(store.write((unit) => unit.record([removed]))).rejects.toThrow('which does not exist');
  expectSound(file);
});

it.each([
  ['permissions', "UPDATE permissions SET title = 'harmless'", /row of permission permission_\w+ differs .* in title/],
  ['permissions', 'UPDATE permissions SET task_id = (SELECT max(id) FROM tasks)', /follows from no event/],
  ['permissions', 'UPDATE attempts SET ended_at_ms = 5', /1 permissions are open although their attempts have ended/],
  ['events', 'DELETE FROM permissions', /created permission permission_\w+, which has no row/],
  ['events', "UPDATE permission_rules SET answer = 'reject'", /row of permissionRule rule_\w+ differs .* in answer/],
  ['events', 'DELETE FROM permission_rules', /row of permissionRule rule_\w+ is missing/],
])('the doctor finds in %s: %s', async (check, sql, detail) => {
  const { store, file } = await openTestStore();
  const attempt = await claim(store);
  const { agentId } = attempt;
  await store.write((unit) => {
    addTask(unit);
    unit.record([
      agentRegistered(),
      permissionRequested(attempt),
      {
        at,
        actor: 'person',
        kind: 'permission.ruleAdded',
        ruleId: ids.permissionRuleId(),
        agentId,
        tool: 'x',
        answer: 'allow',
      },
    ]);
  });
  expectSound(file);
  connectTo(file).exec(sql);
  const found = await store.diagnose();
  expect(found.find(({ check: name }) => name === check)).toMatchObject({
    status: 'broken',
    detail: expect.stringMatching(detail),
  });
});
