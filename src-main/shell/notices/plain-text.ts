import { withoutEscapes } from '../../contract/escape-sequences.ts';

/** What no screen shows, and what turns the direction of what comes after it. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/**
 * A text as one line of at most so many characters, without anything that acts on the screen. Texts of notices come from
 * agents and from commands.
 */
export function plainText(text: string, most: number): string {
  // Cut first: a failure may quote a whole log.
  const line = withoutEscapes(text.slice(0, most * 8))
    .replace(unseen, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`;
}
