import { win32 } from 'node:path';

/** What to give to `spawn`. `verbatim`: the arguments are quoted already. */
export interface SpawnCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly verbatim: boolean;
}

/** Characters that the command interpreter acts on, unless each is preceded by a caret. */
const metaCharacters = /[()\][%!^"`<>&|;, *?]/g;

/**
 * How to start a command on Windows. A program by name is looked for in PATH with the endings of PATHEXT, as a
 * terminal does. A `.cmd` or `.bat` file, as npm makes them for its programs, can only be started through the command
 * interpreter: each argument is then quoted for the program and every special character escaped for the interpreter,
 * twice because such a file passes its arguments on through it once more.
 *
 * @returns null when an argument cannot be passed: a line break ends the interpreter's command
 */
export function windowsCommand(options: {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly exists: (path: string) => boolean;
}): SpawnCommand | null {
  const [program = '', ...args] = options.argv;
  const file = findProgram(program, options.env, options.exists);
  if (!/\.(cmd|bat)$/i.test(file)) {
    return { file, args, verbatim: false };
  }
  if (options.argv.some((argument) => /[\r\n\0]/.test(argument))) {
    return null;
  }
  const command = [
    escapeMeta(win32.normalize(file)),
    ...args.map((argument) => escapeMeta(escapeMeta(quote(argument)))),
  ];
  return {
    file: variable(options.env, 'ComSpec') ?? 'cmd.exe',
    args: ['/d', '/s', '/c', `"${command.join(' ')}"`],
    verbatim: true,
  };
}

function findProgram(
  program: string,
  env: Readonly<Record<string, string>>,
  exists: (path: string) => boolean,
): string {
  const endings = win32.extname(program) === '' ? (variable(env, 'PATHEXT') ?? '.EXE;.CMD;.BAT').split(';') : [''];
  const folders = /[\\/]/.test(program)
    ? ['']
    : (variable(env, 'Path') ?? '').split(';').filter((folder) => folder !== '');
  const candidates = folders.flatMap((folder) =>
    endings.map((ending) => (folder === '' ? program : win32.join(folder, program)) + ending.toLowerCase()),
  );
  return candidates.find(exists) ?? program;
}

/** Names of variables do not tell capitals apart. */
function variable(env: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(env).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Quotes by the rules of the C runtime: backslashes count only in front of a quotation mark. */
function quote(argument: string): string {
  return `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1')}"`;
}

function escapeMeta(text: string): string {
  return text.replace(metaCharacters, '^$&');
}
