/** Something that the validation found; `file` is a path inside the application. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly message: string;
}

/** Files of an application by their path inside it (always with `/`). */
export type ApplicationFiles = ReadonlyMap<string, string>;

/** A finding that makes the application unfit. */
export function errorIn(file: string, message: string): Finding {
  return { severity: 'error', file, message };
}

/** A finding that somebody should look at. */
export function warningIn(file: string, message: string): Finding {
  return { severity: 'warning', file, message };
}
