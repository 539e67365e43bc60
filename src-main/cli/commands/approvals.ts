import { approvalStates } from '../../contract/states.ts';
import { answer } from '../answer.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import type { Cell } from '../paint.ts';
import { cell, createPaint, stateCell } from '../paint.ts';
import { expectOk } from '../refused.ts';
import { findApproval, shortId } from '../short-ids.ts';
import { renderTable } from '../table.ts';
import { agoWords, inWords } from '../time-words.ts';
import type { ListOptions } from './runs.ts';
import { readPage } from './runs.ts';

/** `signalbox approvals`: the open ones unless states are named. */
export function listApprovals(context: CliContext, options: ListOptions): Promise<number> {
  const query = readPage(options.state.length === 0 ? { ...options, state: ['open'] } : options, approvalStates);
  return answer(
    context,
    options,
    async (client) => expectOk(await client.listApprovals(query)),
    ({ approvals }) => {
      if (approvals.length === 0) return ['Nothing waits for you.'];
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
    },
  );
}

export interface AnswerOptions extends CommonOptions {
  readonly comment?: string;
}

/** `signalbox approve` and `signalbox reject`. */
export function answerApproval(
  context: CliContext,
  text: string,
  given: 'approved' | 'rejected',
  options: AnswerOptions,
): Promise<number> {
  return answer(
    context,
    options,
    async (client) => {
      const approvalId = await findApproval(client, text);
      const comment = options.comment === undefined ? {} : { comment: options.comment };
      return { approval: expectOk(await client.answerApproval({ approvalId, answer: given, ...comment })) };
    },
    ({ approval }) => [
      `${given === 'approved' ? 'Approved' : 'Rejected'}: ${approval.question} (${approval.stage}, run ${shortId(approval.runId)})`,
    ],
  );
}
