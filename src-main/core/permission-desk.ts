import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Event } from '../contract/event.ts';
import type { PermissionId } from '../contract/ids.ts';
import type { Permission, PermissionOption, PermissionRule } from '../contract/permission.ts';
import { answerOf, optionFor } from '../contract/permission.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Settings } from '../contract/settings.ts';
import type { Attempt } from '../contract/task.ts';
import { callAt } from './call-at.ts';
import type { CommandDesk } from './command-desk.ts';
import { notFound } from './command-desk.ts';
import { guardFence } from './decide-attempt.ts';
import type { LiveAttempts } from './live-attempts.ts';
import { mustRow } from './must-row.ts';
import type { PermissionEnd } from './permission-answers.ts';
import { endPermission, verdictOf } from './permission-answers.ts';
import type {
  AskedPermission,
  Clock,
  IdSource,
  Logger,
  PermissionQuestion,
  PermissionVerdict,
  Stop,
  Store,
  StoreUnit,
} from './ports.ts';
import type { Projects } from './ports-projects.ts';
import type { Moment, RefusalSubject } from './refusals.ts';

/** How much one attempt may ask at once. A person cannot look at more, and an agent must not fill the store. */
const maxOpenPerAttempt = 64;

/** How long an expiry that could not be stored waits for the next try. */
const expiryRetryMs = 1_000;

export interface PermissionDeskDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly desk: CommandDesk;
  readonly live: LiveAttempts;
  readonly settings: Settings;
  readonly projects: Pick<Projects, 'settingsOf'>;
}

/**
 * Where the questions of agents wait for people. A question is stored before anybody can answer it, and its answer
 * before the agent learns of it, so that a crash between the two neither loses a question nor lets something happen
 * that nobody allowed: the attempt ends with its engine, and the next attempt asks again.
 */
export class PermissionDesk {
  readonly #deps: PermissionDeskDeps;
  /** Who is told the answer, of the questions that were not answered yet. */
  readonly #waiting = new Map<PermissionId, (verdict: PermissionVerdict) => void>();
  #wake: Stop = () => {};
  #isStopped = false;

  constructor(deps: PermissionDeskDeps) {
    this.#deps = deps;
  }

  /** Takes the question of a live attempt: a rule answers it at once, otherwise it waits for a person. */
  ask(attempt: Attempt, question: PermissionQuestion): AskedPermission {
    const { store, ids, logger } = this.#deps;
    const permissionId = ids.permissionId();
    const { promise, resolve } = Promise.withResolvers<PermissionVerdict>();
    this.#waiting.set(permissionId, resolve);
    store
      .write((unit) => this.#take(unit, attempt, permissionId, question))
      .then((verdict) => {
        if (verdict !== null) this.#settle(permissionId, verdict);
      })
      .catch((error: unknown) => {
        logger.error('The question of an agent could not be stored; it is told that nobody answers.', { error });
        this.#settle(permissionId, cancelled('the question could not be stored'));
      });
    return { verdict: promise, withdraw: (reason) => this.#withdraw(permissionId, reason) };
  }

  /** Passes an answer on to its agent, once it is committed; and watches the time of what was asked. */
  committed(event: Event): void {
    if (event.kind === 'permission.requested' && event.expiresAt !== null) this.#look();
    if (event.kind === 'permission.answered') this.#settle(event.permissionId, verdictOf(event));
  }

  /** Nothing expires any more. */
  stop(): void {
    this.#isStopped = true;
    this.#wake();
  }

  /** The answer of a person; with `always` also of every later question of this agent about this kind of tool. */
  answer(input: ApiParsedInput<'answerPermission'>): Promise<Result<Permission, ApiError>> {
    const { desk, store, live } = this.#deps;
    const { permissionId, optionId, always, comment } = input;
    const subject = subjectOf(store.reads.row('permission', permissionId));
    return desk.run('answerPermission', subject, (unit, moment): Result<Permission, ApiError> => {
      const permission = unit.row('permission', permissionId);
      if (permission === null) return notFound('permission', permissionId);
      if (permission.state !== 'open') return closedAlready(permission);
      if (!live.workers.has(permission.attemptId)) return nobodyWaits(permission);
      const option = permission.options.find(({ id }) => id === optionId);
      if (option === undefined) return noSuchOption(permission, optionId);
      const end = { state: 'answered' as const, answer: option, by: 'person' as const, comment: comment ?? null };
      unit.record([endPermission(permission, end, moment)]);
      if (always) this.#addRule(unit, permission, option, moment);
      return ok(mustRow(unit, 'permission', permissionId));
    });
  }

  /** All rules, oldest first. */
  listRules(): Result<ApiOutput<'listPermissionRules'>, ApiError> {
    return ok({ rules: [...this.#deps.store.reads.permissionRules()] });
  }

  /** From now on the agent's questions about that kind of tool wait for a person again. */
  removeRule({ ruleId }: ApiParsedInput<'removePermissionRule'>) {
    return this.#deps.desk.run('removePermissionRule', {}, (unit, moment) => {
      const rule = unit.row('permissionRule', ruleId);
      if (rule === null) return notFound('rule', ruleId);
      const reason = 'removed by a person';
      unit.record([{ ...moment, kind: 'permission.ruleRemoved', ruleId, agentId: rule.agentId, reason }]);
      return ok({});
    });
  }

  /** @returns the answer when there is one at once; null when the question waits. */
  #take(
    unit: StoreUnit,
    attempt: Attempt,
    permissionId: PermissionId,
    question: PermissionQuestion,
  ): PermissionVerdict | null {
    const task = mustRow(unit, 'task', attempt.taskId);
    if (!guardFence(task, attempt).ok) return cancelled('the attempt has ended');
    if (task.cancelRequestedAt !== null) return cancelled('the work is being stopped');
    const byRule = optionByRule(unit, attempt, question);
    if (byRule !== null) return verdictOf({ answer: byRule, by: 'rule', comment: null });
    if (unit.openPermissions(attempt.id).length >= maxOpenPerAttempt) {
      return cancelled(`${maxOpenPerAttempt} questions of this attempt wait already`);
    }
    const { clock, settings, projects } = this.#deps;
    const at = clock.now();
    const ofProject = projects.settingsOf(task.spec.project).permissions;
    const expireAfterMs = ofProject?.expireAfterMs ?? settings.permissions.expireAfterMs;
    const { taskId, runId, stage, agentId } = attempt;
    const { callId, tool, title, detail } = question;
    unit.record([
      {
        at,
        actor: 'agent',
        kind: 'permission.requested',
        ...{ permissionId, attemptId: attempt.id, taskId, runId, stage, agentId, callId, tool, title, detail },
        options: [...question.options],
        expiresAt: expireAfterMs === 0 ? null : at + expireAfterMs,
      },
    ]);
    return null;
  }

  /** Stores what a person wants always, in place of what they wanted before, and lets it answer what waits already. */
  #addRule(unit: StoreUnit, permission: Permission, option: PermissionOption, moment: Moment): void {
    const { agentId, tool } = permission;
    const answer = answerOf(option);
    const known = findRule(unit, permission);
    // One of the same answer would have answered already.
    if (known !== undefined) {
      const reason = 'a person wants the opposite from now on';
      unit.record([{ ...moment, kind: 'permission.ruleRemoved', ruleId: known.id, agentId, reason }]);
    }
    const ruleId = this.#deps.ids.permissionRuleId();
    unit.record([{ ...moment, kind: 'permission.ruleAdded', ruleId, agentId, tool, answer }]);
    for (const other of unit.openPermissions()) {
      const chosen = other.agentId === agentId && other.tool === tool ? optionFor(answer, other.options) : null;
      if (chosen === null) continue;
      const comment = `as permission ${permission.id}, from now on`;
      unit.record([endPermission(other, { state: 'answered', answer: chosen, by: 'rule', comment }, moment)]);
    }
  }

  /** The agent was told already that nobody answers; now the row says so. */
  #withdraw(permissionId: PermissionId, reason: string): void {
    if (!this.#settle(permissionId, cancelled(reason))) return;
    const end = { state: 'withdrawn' as const, answer: null, by: null, comment: reason };
    void this.#endAll((permission) => (permission.id === permissionId ? end : null));
  }

  /** @returns whether somebody waited for it. */
  #settle(permissionId: PermissionId, verdict: PermissionVerdict): boolean {
    const tell = this.#waiting.get(permissionId);
    this.#waiting.delete(permissionId);
    tell?.(verdict);
    return tell !== undefined;
  }

  /** Sets the timer to the next time that is up. */
  #look(): void {
    this.#wake();
    if (this.#isStopped) return;
    const { store, clock } = this.#deps;
    const times = store.reads.openPermissions().flatMap(({ expiresAt }) => expiresAt ?? []);
    if (times.length > 0) this.#wake = callAt(clock, Math.min(...times), () => this.#expire());
  }

  #expire(): void {
    const now = this.#deps.clock.now();
    const comment = 'nobody answered in time';
    const end = { state: 'expired' as const, answer: null, by: 'policy' as const, comment };
    void this.#endAll(({ expiresAt }) => (expiresAt !== null && expiresAt <= now ? end : null)).then((isStored) => {
      if (isStored) this.#look();
      else if (!this.#isStopped) this.#wake = this.#deps.clock.after(expiryRetryMs, () => this.#look());
    });
  }

  /** Ends the open permissions for which `endOf` says how. @returns whether that was stored; never rejects. */
  async #endAll(endOf: (permission: Permission) => PermissionEnd | null): Promise<boolean> {
    const { store, clock, logger } = this.#deps;
    const moment: Moment = { at: clock.now(), actor: 'engine' };
    try {
      await store.write((unit) => {
        for (const permission of unit.openPermissions()) {
          const end = endOf(permission);
          if (end !== null) unit.record([endPermission(permission, end, moment)]);
        }
        return null;
      });
      return true;
    } catch (error) {
      logger.error('The end of a permission could not be stored.', { error });
      return false;
    }
  }
}

function subjectOf(permission: Permission | null): RefusalSubject {
  if (permission === null) return {};
  const { runId, taskId, attemptId, agentId } = permission;
  return { runId, taskId, attemptId, agentId };
}

function cancelled(reason: string): PermissionVerdict {
  return { optionId: null, answer: `cancelled: ${reason}` };
}

function findRule(unit: StoreUnit, { agentId, tool }: Pick<PermissionRule, 'agentId' | 'tool'>) {
  return unit.permissionRules().find((rule) => rule.agentId === agentId && rule.tool === tool);
}

function optionByRule(unit: StoreUnit, { agentId }: Attempt, { tool, options }: PermissionQuestion) {
  const rule = findRule(unit, { agentId, tool });
  return rule === undefined ? null : optionFor(rule.answer, options);
}

function closedAlready({ id, state, answer }: Permission) {
  const how = answer === null ? state : `${state} with ${JSON.stringify(answer.name)}`;
  return refuse('refused', `Permission ${id} takes no answer any more: it is ${how}.`, 'Nothing to do.');
}

function nobodyWaits({ id }: Permission) {
  return refuse(
    'refused',
    `Permission ${id} cannot be answered now: the attempt that asks does not run.`,
    'Start an engine with: signalbox engine. Where the work is still wanted, its next attempt asks again.',
  );
}

function noSuchOption({ id, options }: Permission, optionId: string) {
  const offered = options.map((option) => `${option.id} (${option.name})`).join(', ');
  const message = `Permission ${id} offers no answer ${JSON.stringify(optionId)}.`;
  return refuse('invalidInput', message, `Choose one of: ${offered}.`, { field: 'optionId' });
}
