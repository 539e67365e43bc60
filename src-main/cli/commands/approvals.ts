import type { Approval } from '../../contract/approval.ts';
import type { Permission } from '../../contract/permission.ts';
import { approvalStates, permissionStates } from '../../contract/states.ts';
import { answer } from '../answer.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import type { Cell } from '../paint.ts';
import { cell, createPaint, stateCell } from '../paint.ts';
import { badInput, expectOk } from '../refused.ts';
import { findAnswerable, shortId } from '../short-ids.ts';
import { renderTable } from '../table.ts';
import { agoWords, inWords } from '../time-words.ts';
import { answerPermission, permissionLines } from './permissions.ts';
import type { ListOptions } from './runs.ts';
import { readPage } from './runs.ts';

const answerStates = [...new Set([...approvalStates, ...permissionStates])];

function oneOf<S extends string>(states: readonly S[], state: string): state is S {
  return (states as readonly string[]).includes(state);
}

/** `signalbox approvals`: the open ones unless states are named; those of workflows, then those of agents. */
export function listApprovals(context: CliContext, options: ListOptions): Promise<number> {
  const { states = ['open' as const], ...page } = readPage(options, answerStates);
  const ofApprovals = states.filter((state) => oneOf(approvalStates, state));
  const ofPermissions = states.filter((state) => oneOf(permissionStates, state));
  return answer(
    context,
    options,
    async (client) => {
      const listed = expectOk(await client.listApprovals({ ...page, states: ofApprovals }));
      const { permissions } = expectOk(await client.listPermissions({ limit: page.limit, states: ofPermissions }));
      return { ...listed, permissions };
    },
    ({ approvals, permissions }) => {
      if (approvals.length + permissions.length === 0) return ['Nothing waits for you.'];
      const gap = approvals.length > 0 && permissions.length > 0 ? [''] : [];
      return [
        ...(approvals.length > 0 ? approvalLines(context, approvals) : []),
        ...gap,
        ...(permissions.length > 0 ? permissionLines(context, permissions) : []),
      ];
    },
  );
}

function approvalLines(context: CliContext, approvals: readonly Approval[]): readonly string[] {
  const now = context.now();
  const rows = approvals.map((approval): Cell[] => [
    stateCell(approval.state),
    cell(shortId(approval.id)),
    cell(shortId(approval.runId), 'muted'),
    cell(approval.stage),
    cell(approval.question, 'strong'),
    cell(agoWords(now, approval.requestedAt), 'muted'),
    cell(
      approval.expiresAt === null || approval.state !== 'open'
        ? ''
        : `${approval.onTimeout} ${inWords(now, approval.expiresAt)}`,
      'muted',
    ),
    cell(approval.comment ?? '', 'muted'),
  ]);
  const columns = [
    { title: 'state' },
    { title: 'approval' },
    { title: 'run' },
    { title: 'stage' },
    { title: 'question', flexible: true },
    { title: 'asked' },
    { title: 'without answer' },
    { title: 'comment', flexible: true },
  ];
  const paint = createPaint(context.terminal.colour);
  return renderTable({ columns, rows, paint, width: context.terminal.columns });
}

export interface AnswerOptions extends CommonOptions {
  readonly comment?: string;
  /** The same answer from now on; only where an agent asks. */
  readonly always?: boolean;
}

/** `signalbox approve` and `signalbox reject`, of what workflows and agents ask. */
export function answerApproval(
  context: CliContext,
  text: string,
  given: 'approved' | 'rejected',
  options: AnswerOptions,
): Promise<number> {
  return answer(
    context,
    options,
    async (client): Promise<Answered> => {
      const found = await findAnswerable(client, text);
      const comment = options.comment === undefined ? {} : { comment: options.comment };
      const always = options.always === true;
      if (found.noun === 'permission') {
        const wanted = given === 'approved' ? 'allow' : 'reject';
        return { permission: await answerPermission(client, found.permission, wanted, { always, ...comment }) };
      }
      if (always) throw badInput('A question of a workflow has no rules.', 'Answer it without --always.');
      return { approval: expectOk(await client.answerApproval({ approvalId: found.id, answer: given, ...comment })) };
    },
    (answered) => [`${given === 'approved' ? 'Approved' : 'Rejected'}: ${nameOf(answered)}`],
  );
}

type Answered = { readonly approval: Approval } | { readonly permission: Permission };

function nameOf(answered: Answered): string {
  if ('approval' in answered) {
    const { question, stage, runId } = answered.approval;
    return `${question} (${stage}, run ${shortId(runId)})`;
  }
  const { title, agentId, answer: option } = answered.permission;
  return `${title} (agent ${agentId}, ${option?.name})`;
}
