import type { ToolCall, ToolContent } from './v1-messages.ts';

/**
 * The most text that is kept of what a call would do, in UTF-16 code units. More than people are shown, because
 * secrets are taken out of it first, which makes it shorter.
 */
const MAX_KEPT = 40_000;

/**
 * What a tool call would do, as text for the person who is asked: the change of a file where there is one, a command
 * word for word, otherwise the input of the tool as the agent sends it. Empty when nothing was said.
 */
export function readDetail(
  call: Pick<ToolCall, 'rawInput' | 'content'>,
  shown: (content: ToolContent) => string,
): string {
  const contents = call.content ?? [];
  const diffs = contents.filter(({ type }) => type === 'diff');
  const parts = diffs.length > 0 ? diffs.map(shown) : [readInput(call.rawInput), ...contents.map(shown)];
  return parts
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, MAX_KEPT);
}

function readInput(input: unknown): string {
  if (typeof input === 'string') return input;
  if (typeof input !== 'object' || input === null) return '';
  const { command, ...rest } = input as { readonly command?: unknown };
  const words = typeof command === 'string' ? command : readWords(command);
  if (words === null) return Object.keys(input).length === 0 ? '' : JSON.stringify(input, null, 2);
  return Object.keys(rest).length === 0 ? words : `${words}\n${JSON.stringify(rest, null, 2)}`;
}

/** A command as some agents send it, word by word; null for anything else. */
function readWords(command: unknown): string | null {
  return Array.isArray(command) && command.every((word) => typeof word === 'string') ? command.join(' ') : null;
}
