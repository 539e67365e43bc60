import { posix } from 'node:path';
import type { ApplicationFiles, Finding } from './check-finding.ts';
import { errorIn, warningIn } from './check-finding.ts';

interface ModuleImport {
  readonly target: string;
  readonly names: readonly string[];
}

const IMPORT = /^import\s+(?:[\w$]+\s*,?\s*)?(?:\{([^}]*)\}\s*)?(?:from\s*)?['"]([^'"]+)['"]/gm;
const EXPORT = /^export\s+(?:async\s+)?(?:const|let|class|function\*?)\s+([\w$]+)/gm;
const EXPORT_LIST = /^export\s*\{([^}]*)\}/gm;

/** Imports of files or names that do not exist (errors), and exports that nobody imports (warnings). */
export function checkModules(files: ApplicationFiles, entries: readonly string[]): Finding[] {
  const sources = [...files].filter(([path]) => path.endsWith('.mjs'));
  const exported = new Map(sources.map(([path, text]) => [path, exportsOf(text)]));
  const used = new Set<string>();
  const broken = sources.flatMap(([path, text]) =>
    importsOf(path, text).flatMap(({ target, names }) => {
      for (const name of names) {
        used.add(`${target} ${name}`);
      }
      return brokenImport(path, target, names, exported.get(target));
    }),
  );
  const unused = [...exported]
    .filter(([path]) => !entries.includes(path))
    .flatMap(([path, names]) =>
      names.filter((name) => !used.has(`${path} ${name}`)).map((name) => warningIn(path, `nobody imports ${name}`)),
    );
  return [...broken, ...unused];
}

function brokenImport(
  path: string,
  target: string,
  names: readonly string[],
  available: readonly string[] | undefined,
): Finding[] {
  if (available === undefined) {
    return [errorIn(path, `it imports ${target}, which does not exist`)];
  }
  return names
    .filter((name) => !available.includes(name))
    .map((name) => errorIn(path, `it imports ${name}, which ${target} does not export`));
}

function importsOf(path: string, text: string): ModuleImport[] {
  return [...text.matchAll(IMPORT)].flatMap(([, list = '', specifier = '']) =>
    specifier.startsWith('.') ? [{ target: posix.join(posix.dirname(path), specifier), names: namesIn(list, 0) }] : [],
  );
}

function exportsOf(text: string): string[] {
  const declared = [...text.matchAll(EXPORT)].map(([, name = '']) => name);
  const listed = [...text.matchAll(EXPORT_LIST)].flatMap(([, list = '']) => namesIn(list, 1));
  return [...declared, ...listed];
}

/** Names in a list such as `a, b as c`: of each the part before `as` (0) or after it (1). */
function namesIn(list: string, part: 0 | 1): string[] {
  return list
    .split(',')
    .map((entry) => entry.trim().split(/\s+as\s+/))
    .flatMap((parts) => parts[part] ?? parts[0] ?? [])
    .filter((name) => name !== '');
}
