import type { TextRange } from './line-pieces.ts';
import { matchesIn } from './line-pieces.ts';

/** Lines in which a pattern is to be marked. */
export interface MarkRequest {
  readonly round: number;
  readonly source: string;
  readonly flags: string;
  readonly texts: readonly string[];
}

export interface MarkReply {
  readonly round: number;
  readonly ranges: readonly (readonly TextRange[])[];
}

/**
 * Finds where lines match a pattern, in a thread of its own: a pattern can be written so that one line takes years,
 * and only a thread can be ended then.
 */
self.onmessage = ({ data }: MessageEvent<MarkRequest>) => {
  const wanted = new RegExp(data.source, data.flags);
  const reply: MarkReply = { round: data.round, ranges: data.texts.map((text) => matchesIn(text, wanted)) };
  self.postMessage(reply);
};
