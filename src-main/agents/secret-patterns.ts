/**
 * Compiles a user's patterns. One that is no regular expression, or that could take for ever on some line, is left
 * out, with a sentence about it.
 */
export function compilePatterns(sources: readonly string[]): {
  readonly patterns: readonly RegExp[];
  readonly refused: readonly string[];
} {
  const patterns: RegExp[] = [];
  const refused: string[] = [];
  for (const source of sources) {
    try {
      const pattern = new RegExp(source, 'g');
      if (repeatsWhatVaries(source)) {
        refused.push(`The pattern ${source} is not used: it repeats a group that varies in length, and may never end.`);
      } else {
        patterns.push(pattern);
      }
    } catch (error) {
      refused.push(`The pattern ${source} is not used: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
  return { patterns, refused };
}

/**
 * Whether a group that holds a repetition or alternatives is repeated itself, such as `(a+)+` or `(a|aa)*`: the shape
 * on which a backtracking search takes exponential time. Some harmless patterns have it too.
 *
 * @param source a valid regular expression
 */
function repeatsWhatVaries(source: string): boolean {
  const atoms = source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  /** For each open group, the outermost first: whether it varies. */
  const open = [false];
  for (let index = 0; index < atoms.length; index += 1) {
    const character = atoms.charAt(index);
    if (character === '(') {
      open.push(false);
      // The `?` of `(?:` is no repetition.
      index += atoms.charAt(index + 1) === '?' ? 1 : 0;
    } else if (character === ')') {
      const varies = open.pop() === true;
      if (varies && /[*+{]/.test(atoms.charAt(index + 1))) {
        return true;
      }
      open.push((open.pop() ?? false) || varies);
    } else if (/[*+?{|]/.test(character)) {
      open.splice(-1, 1, true);
    }
  }
  return false;
}
