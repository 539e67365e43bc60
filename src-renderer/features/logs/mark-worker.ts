import { matchesIn } from './line-pieces.ts';
import type { MarkReply, MarkRequest } from './mark-terms.ts';
import { readyRound } from './mark-terms.ts';

/**
 * Finds where lines match a pattern, in a thread of its own: a pattern can be written so that one line takes years,
 * and only a thread can be ended then.
 */
self.onmessage = ({ data }: MessageEvent<MarkRequest>) => {
  const wanted = new RegExp(data.source, data.flags);
  reply({ round: data.round, ranges: data.texts.map((text) => matchesIn(text, wanted)) });
};
reply({ round: readyRound, ranges: [] });

function reply(message: MarkReply): void {
  self.postMessage(message);
}
