import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import { answerApproval } from './approval-clock.ts';
import type { CommandDesk } from './command-desk.ts';
import { notFound } from './command-desk.ts';
import { mustRow } from './must-row.ts';
import type { RunFlow } from './run-flow.ts';

export interface ApprovalCommandDeps {
  readonly desk: CommandDesk;
  readonly flow: RunFlow;
  /** Something may be claimable now. */
  readonly nudge: () => void;
}

/** The answers of persons to approvals. */
export class ApprovalCommands {
  readonly #deps: ApprovalCommandDeps;

  constructor(deps: ApprovalCommandDeps) {
    this.#deps = deps;
  }

  /** Answers an open approval; its run goes on, or its stage fails. */
  async answerApproval({
    approvalId,
    answer,
    comment,
  }: ApiParsedInput<'answerApproval'>): Promise<Result<ApiOutput<'answerApproval'>, ApiError>> {
    const { desk, flow, nudge } = this.#deps;
    const result = await desk.run('answerApproval', {}, (unit, moment) => {
      const approval = unit.row('approval', approvalId);
      if (approval === null) return notFound('approval', approvalId);
      if (approval.state !== 'open') return answeredAlready(approvalId, approval.state);
      answerApproval(unit, flow, approval, { answer, comment: comment ?? `${answer} by a person` }, moment);
      return ok(mustRow(unit, 'approval', approvalId));
    });
    if (result.ok) nudge();
    return result;
  }
}

function answeredAlready(approvalId: string, state: string) {
  return refuse('refused', `Approval ${approvalId} was answered already: it is ${state}.`, 'Nothing to do.');
}
