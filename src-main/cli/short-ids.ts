import type { ApiClient } from '../contract/api.ts';
import type { ApprovalId, AttemptId, PermissionRuleId, RunId, TaskId } from '../contract/ids.ts';
import { approvalIdSchema, attemptIdSchema, permissionIdSchema, runIdSchema, taskIdSchema } from '../contract/ids.ts';
import type { Permission } from '../contract/permission.ts';
import { badInput, expectOk } from './refused.ts';

/** How many characters of an id tables show: the end, since the beginnings of ids of one day are alike. */
const shownLength = 8;

/** An id as tables show it; commands take it in this form too. */
export function shortId(id: string): string {
  return id.slice(-shownLength);
}

/** Something that an id may name. */
export type Named =
  | { readonly noun: 'run'; readonly id: RunId }
  | { readonly noun: 'task'; readonly id: TaskId }
  | { readonly noun: 'attempt'; readonly id: AttemptId };

/** How many of the newest runs and tasks an abbreviation is looked for in. */
const searched = 10_000;
const pageSize = 1_000;
/** Candidates named in the message about an abbreviation that fits several. */
const namedCandidates = 5;

type Page<T> = { readonly items: readonly T[]; readonly next: string | null };

/** Goes through pages, newest first. */
async function collect<T>(read: (after: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const found: T[] = [];
  let after: string | undefined;
  while (found.length < searched) {
    const page = await read(after);
    found.push(...page.items);
    if (page.next === null) break;
    after = page.next;
  }
  return found;
}

function afterOf(after: string | undefined) {
  return { limit: pageSize, ...(after === undefined ? {} : { after }) };
}

function listRuns(client: ApiClient): Promise<readonly Named[]> {
  return collect(async (after) => {
    const { runs, next } = expectOk(await client.listRuns(afterOf(after)));
    return { items: runs.map(({ id }): Named => ({ noun: 'run', id })), next };
  });
}

async function listTasks(client: ApiClient): Promise<readonly Named[]> {
  const found = await collect(async (after) => {
    const { tasks, next } = expectOk(await client.listTasks(afterOf(after)));
    const items = tasks.flatMap(({ id, attemptId }): Named[] => [
      { noun: 'task', id },
      ...(attemptId === null ? [] : [{ noun: 'attempt', id: attemptId } as const]),
    ]);
    return { items, next };
  });
  return found;
}

async function listApprovals(client: ApiClient): Promise<readonly ApprovalId[]> {
  return collect(async (after) => {
    const { approvals, next } = expectOk(await client.listApprovals(afterOf(after)));
    return { items: approvals.map(({ id }) => id), next };
  });
}

/** Whether an abbreviation stands for an id: the beginning or the end of its part without the prefix, or of all. */
function standsFor(text: string, id: string): boolean {
  const part = id.slice(id.indexOf('_') + 1);
  return id.startsWith(text) || part.startsWith(text) || id.endsWith(text);
}

function onlyOne<T>(text: string, nouns: string, candidates: readonly { readonly id: string; readonly value: T }[]): T {
  const wanted = text.toLowerCase();
  const fitting = wanted === '' ? [] : candidates.filter(({ id }) => standsFor(wanted, id));
  const [first] = fitting;
  if (first === undefined) {
    throw badInput(
      `There is no ${nouns} ${JSON.stringify(text)}.`,
      `See what there is: signalbox ${nouns.split(' ')[0]}s`,
    );
  }
  if (fitting.length > 1) {
    const named = fitting.slice(0, namedCandidates).map(({ id }) => id);
    const more = fitting.length > namedCandidates ? `, and ${fitting.length - namedCandidates} more` : '';
    throw badInput(
      `${JSON.stringify(text)} stands for ${fitting.length} ids: ${named.join(', ')}${more}.`,
      'Type more of the id.',
    );
  }
  return first.value;
}

/** A run by its id or an abbreviation of it. */
export async function findRun(client: ApiClient, text: string): Promise<RunId> {
  const whole = runIdSchema.safeParse(text);
  if (whole.success) return whole.data;
  const runs = await listRuns(client);
  return onlyOne(text, 'run', runs.map(asCandidate)).id as RunId;
}

async function listPermissions(client: ApiClient, onlyOpen: boolean): Promise<readonly Permission[]> {
  return collect(async (after) => {
    const query = { ...afterOf(after), ...(onlyOpen ? { states: ['open' as const] } : {}) };
    const { permissions, next } = expectOk(await client.listPermissions(query));
    return { items: permissions, next };
  });
}

/** What a person answers: an approval of a workflow, or an agent's question. */
export type Answerable =
  | { readonly noun: 'approval'; readonly id: ApprovalId }
  | { readonly noun: 'permission'; readonly permission: Permission };

/** An approval or a permission by its id, or by an abbreviation of it where the permission is open. */
export async function findAnswerable(client: ApiClient, text: string): Promise<Answerable> {
  const whole = approvalIdSchema.safeParse(text);
  if (whole.success) return { noun: 'approval', id: whole.data };
  const approvals = (await listApprovals(client)).map((id) => ({ id, value: { noun: 'approval', id } as Answerable }));
  const isWhole = permissionIdSchema.safeParse(text).success;
  const permissions = (await listPermissions(client, !isWhole)).map((permission) => {
    return { id: permission.id, value: { noun: 'permission', permission } as Answerable };
  });
  return onlyOne(text, 'approval', [...approvals, ...permissions]);
}

/** A rule by its id or an abbreviation of it. */
export async function findRule(client: ApiClient, text: string): Promise<PermissionRuleId> {
  const { rules } = expectOk(await client.listPermissionRules({}));
  return onlyOne(
    text,
    'rule',
    rules.map(({ id }) => ({ id, value: id })),
  );
}

/** A run, a task or an attempt by its id or an abbreviation; of attempts only the last of every task is looked at. */
export async function findAnything(client: ApiClient, text: string): Promise<Named> {
  const run = runIdSchema.safeParse(text);
  if (run.success) return { noun: 'run', id: run.data };
  const task = taskIdSchema.safeParse(text);
  if (task.success) return { noun: 'task', id: task.data };
  const attempt = attemptIdSchema.safeParse(text);
  if (attempt.success) return { noun: 'attempt', id: attempt.data };
  const candidates = [...(await listRuns(client)), ...(await listTasks(client))];
  return onlyOne(text, 'run or task', candidates.map(asCandidate));
}

function asCandidate(named: Named) {
  return { id: named.id as string, value: named };
}
