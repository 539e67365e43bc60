/**
 * Which packages Signalbox is made of: what the engine depends on, what is built into the bundles, and all that these
 * depend on, as package-lock.json has them. Run by itself it writes their list for the window's About; every build
 * writes their licences' texts, which travel with the bundles.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listSourceFiles, root } from './source-files.mjs';

/** The list for the window, from the root. */
export const licencesFile = 'src-renderer/features/settings/licences.ts';
/** The texts, from the root. */
const textsFile = 'out/THIRD-PARTY-LICENSES.txt';

/** @typedef {{ version?: string, license?: string, dependencies?: Record<string, string> }} LockedPackage */
/** @typedef {{ name: string, version: string, licence: string, path: string }} ShippedPackage */

/**
 * @param {Record<string, LockedPackage>} packages of a package-lock.json
 * @param {readonly string[]} used names of packages that the sources import
 * @returns {ShippedPackage[]} once per version, by name
 */
export function shippedPackages(packages, used) {
  /** @type {Map<string, ShippedPackage>} by name and version */
  const found = new Map();
  const seen = new Set();
  const open = [...used, ...Object.keys(packages['']?.dependencies ?? {})].map((name) => `node_modules/${name}`);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const entry = packages[path];
    if (entry === undefined || seen.has(path)) continue;
    seen.add(path);
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const { version = '', license = 'see the package', dependencies = {} } = entry;
    found.set(`${name} | ${version}`, { name, version, licence: license, path });
    for (const needed of Object.keys(dependencies)) open.push(placeOf(packages, path, needed));
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
}

/**
 * @param {readonly ShippedPackage[]} shipped
 * @returns {string} the text of the file for the window
 */
export function licencesText(shipped) {
  const lines = shipped.map(({ name, version, licence }) => `${name} | ${version} | ${licence}`);
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

/** What is shipped now. */
export function currentPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const sources = listSourceFiles(['src-main', 'src-preload', 'src-renderer']).map((path) =>
    readFileSync(join(root, path), 'utf8'),
  );
  return shippedPackages(packages, importedPackages(sources));
}

/**
 * Electron is not among them: its runtime brings its licences itself.
 *
 * @param {readonly string[]} sources
 * @returns {string[]} names of the packages that they import
 */
export function importedPackages(sources) {
  const names = sources.flatMap((source) =>
    [...source.matchAll(/(?:from|import|import\() ?'((?:@[^/']+\/)?[^./'][^/']*)/g)].map(([, name = '']) => name),
  );
  const foreign = names.filter((name) => !name.startsWith('node:') && !builtinModules.includes(name));
  return [...new Set(foreign)].filter((name) => name !== 'electron').sort();
}

/**
 * The licence of each package in its own words, as every licence asks. Where a package has no file with them, there is
 * what its package.json says.
 *
 * @param {readonly ShippedPackage[]} shipped
 * @param {string} folder that contains their paths
 * @returns {string}
 */
export function licenceTexts(shipped, folder) {
  const sections = shipped.map(({ name, version, licence, path }) => {
    const texts = licenceFiles(join(folder, path)).map((file) => readFileSync(join(folder, path, file), 'utf8').trim());
    return [
      `${name} ${version} (${licence})`,
      ...(texts.length === 0 ? [declaration(join(folder, path))] : texts),
    ].join('\n\n');
  });
  const line = `\n\n${'-'.repeat(80)}\n\n`;
  return `${['Signalbox contains these packages. Each has its own licence.', ...sections].join(line)}\n`;
}

/** @param {string} folder */
function licenceFiles(folder) {
  return readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying|notice)/i.test(name))
    .sort();
}

/** @param {string} folder */
function declaration(folder) {
  const { license, author, homepage } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const name = typeof author === 'string' ? author : author?.name;
  return [`It has no file with its licence. Its package.json says: ${license}`, name, homepage]
    .filter(Boolean)
    .join(', ');
}

/** Writes the texts beside the bundles. */
export function writeLicenceTexts() {
  writeFileSync(join(root, textsFile), licenceTexts(currentPackages(), root));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(join(root, licencesFile), licencesText(currentPackages()));
}
