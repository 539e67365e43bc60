/**
 * Writes the list of the packages that Signalbox is made of, with their licences, for the window's About: what the
 * engine depends on, what is built into the window, and all that these depend on, as package-lock.json has them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listSourceFiles, root } from './source-files.mjs';

/** The file that is written, from the root. */
export const licencesFile = 'src-renderer/features/settings/licences.ts';

/**
 * @param {Record<string, {version?: string, license?: string, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string>}>} packages of a package-lock.json
 * @param {readonly string[]} used names of packages that the window imports
 * @returns {string} the file's text
 */
export function licencesText(packages, used) {
  /** @type {Map<string, readonly [string, string, string]>} */
  const found = new Map();
  /** @type {string[]} */
  const open = [...used, ...Object.keys(packages['']?.dependencies ?? {})].map((name) => `node_modules/${name}`);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const entry = packages[path];
    if (entry === undefined || found.has(path)) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    found.set(path, [name, entry.version ?? '', entry.license ?? 'see the package']);
    for (const needed of Object.keys(entry.dependencies ?? {})) open.push(placeOf(packages, path, needed));
  }
  const lines = [...new Set([...found.values()].map((fields) => fields.join(' | ')))].sort();
  return `/** Packages that Signalbox is made of: name, version, licence. Written by scripts/write-licences.mjs. */
export const licences = \`
${lines.join('\n')}
\`;
`;
}

/**
 * Where Node finds a package that another one needs.
 *
 * @param {Record<string, unknown>} packages
 * @param {string} from
 * @param {string} name
 */
function placeOf(packages, from, name) {
  for (let folder = from; folder !== ''; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const nested = `${folder}/node_modules/${name}`;
    if (packages[nested] !== undefined) return nested;
  }
  return `node_modules/${name}`;
}

/** The text as it should be now. */
export function currentLicences() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const sources = listSourceFiles(['src-renderer']);
  const imports = sources.flatMap((path) => [
    ...readFileSync(join(root, path), 'utf8').matchAll(/from '((?:@[^/']+\/)?[^./'][^/']*)/g),
  ]);
  return licencesText(packages, [...new Set(imports.map(([, name = '']) => name))]);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(join(root, licencesFile), currentLicences());
}
