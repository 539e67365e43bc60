import type { TextRange } from './line-pieces.ts';

/** Lines in which a pattern is to be marked. */
export interface MarkRequest {
  /** From 1. */
  readonly round: number;
  readonly source: string;
  readonly flags: string;
  readonly texts: readonly string[];
}

/** Where they match; or, as round {@link readyRound}, that the thread is there. */
export interface MarkReply {
  readonly round: number;
  readonly ranges: readonly (readonly TextRange[])[];
}

/** The round of no request. */
export const readyRound = 0;
