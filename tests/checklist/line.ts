/** A behaviour with what shows it: the title of a test as its source has it, or the reason why nothing does yet. */
export type Line = { readonly text: string } & (
  | { readonly file: string; readonly title: string }
  | { readonly open: string }
);

export interface Section {
  readonly name: string;
  readonly lines: readonly Line[];
}

/** A behaviour that a test shows. @param file below `tests/`. */
export const shown = (text: string, file: string, title: string): Line => ({ text, file: `tests/${file}`, title });
/** A behaviour that nothing shows, and why. */
export const open = (text: string, reason: string): Line => ({ text, open: reason });
