/**
 * What agents print is data. A terminal would obey it: move the cursor over earlier lines, set the clipboard, change
 * the title, turn the reading direction. Everything below takes the orders out and leaves the text.
 */
const [esc, bell] = ['\u001b', '\u0007'];
const escapeSequences = new RegExp(
  [
    // Strings that end with ST or BEL: OSC, DCS, SOS, PM, APC. Without an end they take the rest of the line, as in a terminal.
    `(?:${esc}[\\]PX^_]|[\u0090\u0098\u009d-\u009f])[^${bell}${esc}\u009c]*(?:${bell}|${esc}\\\\|\u009c)?`,
    // CSI sequences, colours among them.
    `(?:${esc}\\[|\u009b)[0-?]*[ -/]*[@-~]?`,
    `${esc}[ -/]*[0-~]?`,
  ].join('|'),
  'gu',
);
const colourSequence = new RegExp(`^${esc}\\[[0-9;:]*m$`, 'u');
/** Control characters, and the marks that turn the reading direction. Tabs stay. */
const controls = /(?!\t)[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const lineEnds = /\r?\n|[\v\f\r\u0085\u2028\u2029]/gu;
/** In a colour sequence: hidden text. */
const conceal = /(?:^|;)0*8(?=;|$)/;

/** One line of text without anything that a terminal would obey; ends of lines become spaces. */
export function plainText(text: string): string {
  return text.replace(escapeSequences, '').replace(lineEnds, ' ').replace(controls, '');
}

/** As {@link plainText}, but colours stay. The caller resets them at the end of the line. */
export function colouredText(text: string): string {
  let result = '';
  let last = 0;
  for (const match of text.matchAll(escapeSequences)) {
    result += plainText(text.slice(last, match.index));
    last = match.index + match[0].length;
    if (colourSequence.test(match[0]) && !conceal.test(match[0].slice(2, -1))) result += match[0];
  }
  return result + plainText(text.slice(last));
}

/** JSON that a terminal does not obey either: nothing is lost, such characters are written as escapes. */
export function safeJson(value: unknown, space?: number): string {
  return JSON.stringify(value, null, space).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
