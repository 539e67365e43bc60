import { RequestError } from '@agentclientprotocol/sdk';

/** Whether another attempt may help: `transient` yes, `fatal` no, `unknown` is for the retry policy to decide. */
export type FailureClass = 'transient' | 'fatal' | 'unknown';

/** What a person needs to read when work ended without a result. Each part is a sentence without a full stop. */
export interface FailureFacts {
  readonly class: FailureClass;
  /** What did not work. */
  readonly what: string;
  /** Why, as far as it is known. */
  readonly why: string;
  /** What to do about it. */
  readonly remedy: string;
}

const INTERNAL_ERROR = -32603;

/** The expected way for a stage to fail: it carries the facts that the engine stores with the attempt. */
export class StageFailure extends Error {
  override readonly name = 'StageFailure';
  readonly facts: FailureFacts;

  constructor(facts: FailureFacts) {
    super(`${facts.what}: ${facts.why}. ${facts.remedy}.`);
    this.facts = facts;
  }
}

/** Shorthand for a failure that no further attempt can mend. */
export function fatal(what: string, why: string, remedy: string): StageFailure {
  return new StageFailure({ class: 'fatal', what, why, remedy });
}

/** Any thrown value as a JSON-RPC error whose `data.signalbox` carries the facts. */
export function toRequestError(thrown: unknown): RequestError {
  if (thrown instanceof RequestError) {
    return thrown;
  }
  const failure = thrown instanceof StageFailure ? thrown : unexpected(thrown);
  return new RequestError(INTERNAL_ERROR, failure.message, { signalbox: failure.facts });
}

function unexpected(thrown: unknown): StageFailure {
  return new StageFailure({
    class: 'unknown',
    what: 'The agent met an error that it did not expect',
    why: thrown instanceof Error ? thrown.message : String(thrown),
    remedy: 'Read the attempt log, then retry the stage',
  });
}
