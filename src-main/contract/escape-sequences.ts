/** The longest payload of a sequence that carries text (a title, a link); what is longer is shown, not hidden. */
const maxPayload = 4_096;

/**
 * What terminals take as commands and do not show: colours, cursor moves, titles, links, the clipboard. A sequence
 * never goes over the end of a line, and one without an end is none: its characters stay, so that nothing that was
 * printed can hide what comes after it. Global; to be used with `replace`, `split` and `matchAll` only.
 *
 * 1. CSI: `ESC [`, parameters, intermediates, a final character.
 * 2. OSC: `ESC ]`, text, ended by BEL or ST.
 * 3. DCS, SOS, PM and APC: text, ended by ST.
 * 4. Everything else of two or more characters.
 */
export const escapeSequences = new RegExp(
  [
    '\\x1b\\[[0-?]{0,64}[ -/]{0,8}[@-~]',
    `\\x1b\\][^\\x07\\x1b\\n]{0,${maxPayload}}(?:\\x07|\\x1b\\\\)`,
    `\\x1b[PX^_][^\\x1b\\n]{0,${maxPayload}}\\x1b\\\\`,
    '\\x1b[ -/]{0,4}[0-OQ-WYZ\\\\`-~]',
  ].join('|'),
  'g',
);

/** A text as a terminal would print it: without the sequences that it would carry out. */
export function withoutEscapes(text: string): string {
  return text.includes('\x1b') ? text.replace(escapeSequences, '') : text;
}
