import type { ApiClient } from '../../contract/api.ts';
import type { Permission, PermissionRule } from '../../contract/permission.ts';
import { optionFor } from '../../contract/permission.ts';
import { answer } from '../answer.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import type { Cell } from '../paint.ts';
import { cell, createPaint, stateCell } from '../paint.ts';
import { badInput, expectOk } from '../refused.ts';
import { findRule, shortId } from '../short-ids.ts';
import { renderTable } from '../table.ts';
import { agoWords } from '../time-words.ts';

/** What agents ask for, as the lower table of `signalbox approvals`. */
export function permissionLines(context: CliContext, permissions: readonly Permission[]): readonly string[] {
  const now = context.now();
  const rows = permissions.map((permission): Cell[] => [
    stateCell(permission.state),
    cell(shortId(permission.id)),
    cell(shortId(permission.runId ?? permission.taskId), 'muted'),
    cell(permission.agentId),
    cell(permission.tool),
    cell(permission.title, 'strong'),
    cell(agoWords(now, permission.requestedAt), 'muted'),
    cell(permission.answer?.name ?? permission.comment ?? '', 'muted'),
  ]);
  const columns = [
    { title: 'state' },
    { title: 'permission' },
    { title: 'of' },
    { title: 'agent' },
    { title: 'tool' },
    { title: 'wants to', flexible: true },
    { title: 'asked' },
    { title: 'answer', flexible: true },
  ];
  const paint = createPaint(context.terminal.colour);
  return renderTable({ columns, rows, paint, width: context.terminal.columns });
}

/** Answers an agent with the option of the kind that was meant; options are called differently by every agent. */
export async function answerPermission(
  client: ApiClient,
  permission: Permission,
  wanted: PermissionRule['answer'],
  more: { readonly always: boolean; readonly comment?: string },
): Promise<Permission> {
  const option = optionFor(wanted, permission.options);
  if (option === null) {
    const offered = permission.options.map(({ name }) => name).join(', ');
    const verb = wanted === 'allow' ? 'approve' : 'reject';
    throw badInput(`The agent offers no answer that would ${verb} it; it offers: ${offered}.`, 'Choose the other one.');
  }
  return expectOk(await client.answerPermission({ permissionId: permission.id, optionId: option.id, ...more }));
}

/** `signalbox rules`: what is answered without asking. */
export function listRules(context: CliContext, options: CommonOptions): Promise<number> {
  return answer(
    context,
    options,
    async (client) => expectOk(await client.listPermissionRules({})),
    ({ rules }) => {
      if (rules.length === 0) return ['No rules. One is made by: signalbox approve PERMISSION --always'];
      const now = context.now();
      const rows = rules.map((rule): Cell[] => [
        cell(shortId(rule.id)),
        cell(rule.agentId, 'strong'),
        cell(rule.tool),
        { text: rule.answer, tone: rule.answer === 'allow' ? 'good' : 'bad' },
        cell(agoWords(now, rule.addedAt), 'muted'),
      ]);
      const columns = [
        { title: 'rule' },
        { title: 'agent' },
        { title: 'tool' },
        { title: 'answer' },
        { title: 'made' },
      ];
      return renderTable({
        columns,
        rows,
        paint: createPaint(context.terminal.colour),
        width: context.terminal.columns,
      });
    },
  );
}

/** `signalbox rules remove`. */
export function removeRule(context: CliContext, text: string, options: CommonOptions): Promise<number> {
  return answer(
    context,
    options,
    async (client) => expectOk(await client.removePermissionRule({ ruleId: await findRule(client, text) })),
    () => ['The rule is removed: the agent asks again.'],
  );
}
