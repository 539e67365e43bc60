import type { Approval } from '../contract/approval.ts';
import { callAt } from './call-at.ts';
import type { Clock, Logger, Stop, Store, StoreUnit } from './ports.ts';
import type { Moment } from './refusals.ts';
import type { RunFlow } from './run-flow.ts';

/** Answers an open approval, and carries its run on. */
export function answerApproval(
  unit: StoreUnit,
  flow: RunFlow,
  approval: Approval,
  answer: { readonly answer: 'approved' | 'rejected' | 'expired'; readonly comment: string },
  moment: Moment,
): void {
  const { id: approvalId, runId, stage } = approval;
  unit.record([{ ...moment, kind: 'approval.answered', approvalId, runId, stage, ...answer }]);
  const approved = answer.answer === 'approved' || (answer.answer === 'expired' && approval.onTimeout === 'approve');
  flow.approvalAnswered(unit, { runId, stage }, { approved, comment: answer.comment }, moment);
}

/** Lets the policy answer approvals whose time is up. Keeps one timer, and none when nothing waits. */
export class ApprovalClock {
  readonly #deps: { store: Store; clock: Clock; logger: Logger; flow: RunFlow; nudge: () => void };
  #wake: Stop = () => {};
  #open = false;

  constructor(deps: { store: Store; clock: Clock; logger: Logger; flow: RunFlow; nudge: () => void }) {
    this.#deps = deps;
  }

  start(): void {
    this.#open = true;
    this.look();
  }

  stop(): void {
    this.#open = false;
    this.#wake();
  }

  /** Sets the timer to the next time that is up; told whenever an approval was requested or answered. */
  look(): void {
    this.#wake();
    if (!this.#open) return;
    const { store, clock } = this.#deps;
    const times = store.reads.openApprovals().flatMap((approval) => approval.expiresAt ?? []);
    if (times.length === 0) return;
    this.#wake = callAt(clock, Math.min(...times), () => this.#expire());
  }

  #expire(): void {
    const { store, clock, logger, flow, nudge } = this.#deps;
    const moment: Moment = { at: clock.now(), actor: 'engine' };
    const work = (unit: StoreUnit) => {
      for (const approval of unit.openApprovals()) {
        if (approval.expiresAt === null || approval.expiresAt > moment.at) continue;
        const comment = `nobody answered in time; the policy is to ${approval.onTimeout}`;
        answerApproval(unit, flow, approval, { answer: 'expired', comment }, moment);
      }
      return null;
    };
    store
      .write(work)
      .then(nudge)
      .catch((error: unknown) => logger.error('Approvals whose time is up could not be answered.', { error }))
      .finally(() => this.look());
  }
}
