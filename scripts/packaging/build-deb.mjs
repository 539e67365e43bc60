/**
 * `npm run package:deb [FOLDER [OUTPUT]]` makes a Debian package of an unpacked application, that of `dist/` unless
 * another folder is named, with nothing but dpkg-deb. The application lies where a distribution puts it, so that lintian
 * can judge it as one, and it does not update itself: that is left to the distribution.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { root } from '../source-files.mjs';
import { currentPackages } from '../write-licences.mjs';
import {
  applicationFolder,
  changelogText,
  controlText,
  copyrightText,
  debianArchitecture,
  debianVersion,
} from './build-deb-texts.mjs';

/** What the system's icon theme has folders for. */
const iconSizes = [16, 24, 32, 48, 64, 128, 256, 512];
/** Set-user-ID: where the system refuses user namespaces, this program of Chromium is its sandbox, and needs root. */
const sandboxMode = 0o4755;

/**
 * @param {object} options
 * @param {string} options.unpacked folder of the application, as `buildUnpacked` leaves it
 * @param {string} options.output folder for the package
 * @param {string} [options.arch] of the application, as in `process.arch`
 * @param {Date} [options.date] of the package; two packages of the same files and the same date are the same
 * @returns {string} path of the package
 */
export function buildDeb({ unpacked, output, arch = process.arch, date = packageDate() }) {
  const { version, author } = JSON.parse(readRoot('package.json'));
  const contact = contactOf(author);
  const architecture = debianArchitecture(arch);
  const staging = mkdtempSync(join(tmpdir(), 'signalbox-deb-'));
  try {
    layOut(staging, unpacked);
    writeDocuments(staging, { version, maintainer: contact.maintainer, date });
    const files = normalise(staging);
    const installedKib = files.reduce((sum, path) => sum + Math.ceil(statSync(path).size / 1024), 0);
    writeControl(staging, files, controlText({ version, architecture, ...contact, installedKib }));
    mkdirSync(output, { recursive: true });
    const deb = join(output, `signalbox_${debianVersion(version)}_${architecture}.deb`);
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(Math.floor(date.getTime() / 1000)) };
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', staging, deb], { env, stdio: 'pipe' });
    return deb;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** The moment that the package bears: that of the sources where the system says it, so that it can be made again. */
function packageDate() {
  const { SOURCE_DATE_EPOCH } = process.env;
  return SOURCE_DATE_EPOCH === undefined ? new Date() : new Date(Number(SOURCE_DATE_EPOCH) * 1000);
}

/**
 * Who answers for the package, and where it is at home: known where a release is made, since GitHub says there in its
 * variable whose repository it is. Elsewhere no address is made up.
 *
 * @param {string} author
 * @returns {{ maintainer: string, homepage: string | null }}
 */
function contactOf(author) {
  const [owner, repository] = process.env.GITHUB_REPOSITORY?.split('/') ?? [];
  if (owner === undefined || repository === undefined) return { maintainer: author, homepage: null };
  const maintainer = `${author} <${owner}@users.noreply.github.com>`;
  return { maintainer, homepage: `https://github.com/${owner}/${repository}` };
}

/** @param {string} path of the repository */
function readRoot(path) {
  return readFileSync(join(root, path), 'utf8');
}

/**
 * The application, and how the system finds it.
 *
 * @param {string} staging
 * @param {string} unpacked
 */
function layOut(staging, unpacked) {
  cpSync(unpacked, join(staging, applicationFolder), { recursive: true });
  const linux = join(root, 'resources/linux');
  const icons = join(root, 'resources/icons');
  const themed = (/** @type {string} */ size) => `usr/share/icons/hicolor/${size}/apps`;
  /** @type {(readonly [from: string, to: string])[]} */
  const copies = [
    [join(linux, 'signalbox.desktop'), 'usr/share/applications/signalbox.desktop'],
    [join(linux, 'apparmor-profile'), 'usr/share/signalbox/apparmor-profile'],
    [join(linux, 'lintian-overrides'), 'usr/share/lintian/overrides/signalbox'],
    [join(icons, 'signalbox.svg'), `${themed('scalable')}/signalbox.svg`],
    ...iconSizes.map((size) => {
      const name = `${size}x${size}`;
      return /** @type {const} */ ([join(icons, `png/${name}.png`), `${themed(name)}/signalbox.png`]);
    }),
  ];
  for (const [from, to] of copies) cpSync(from, join(staging, to));
  mkdirSync(join(staging, 'usr/bin'));
  symlinkSync(`${relative('usr/bin', applicationFolder)}/resources/bin/signalbox`, join(staging, 'usr/bin/signalbox'));
}

/**
 * What a person can read of it.
 *
 * @param {string} staging
 * @param {{ version: string, maintainer: string, date: Date }} facts
 */
function writeDocuments(staging, facts) {
  const documents = join(staging, 'usr/share/doc/signalbox');
  const manual = join(staging, 'usr/share/man/man1/signalbox.1.gz');
  const changes = changelogText({ ...facts, changes: readRoot('CHANGELOG.md') });
  for (const folder of [documents, dirname(manual)]) mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(documents, 'copyright'),
    copyrightText({ licence: readRoot('LICENSE'), packages: currentPackages() }),
  );
  writeFileSync(join(documents, 'changelog.Debian.gz'), gzipSync(changes, { level: 9 }));
  writeFileSync(manual, gzipSync(readRoot('resources/linux/signalbox.1'), { level: 9 }));
}

/**
 * Gives every file and folder the rights that Debian wants, whatever the one who builds has by default.
 *
 * @param {string} staging
 * @returns {string[]} paths of all files, sorted
 */
function normalise(staging) {
  chmodSync(staging, 0o755);
  /** @type {string[]} */
  const files = [];
  for (const entry of readdirSync(staging, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) {
      chmodSync(path, 0o755);
    } else if (entry.isFile()) {
      const isProgram = (statSync(path).mode & 0o111) !== 0;
      chmodSync(path, isProgram ? 0o755 : 0o644);
      files.push(path);
    }
  }
  const sandbox = join(staging, applicationFolder, 'chrome-sandbox');
  if (existsSync(sandbox)) chmodSync(sandbox, sandboxMode);
  return files.sort();
}

/**
 * @param {string} staging
 * @param {readonly string[]} files
 * @param {string} control
 */
function writeControl(staging, files, control) {
  const folder = join(staging, 'DEBIAN');
  mkdirSync(folder);
  const sums = files.map((path) => {
    const sum = createHash('md5').update(readFileSync(path)).digest('hex');
    return `${sum}  ${relative(staging, path)}\n`;
  });
  writeFileSync(join(folder, 'control'), control);
  writeFileSync(join(folder, 'md5sums'), sums.join(''));
  for (const script of ['postinst', 'postrm']) {
    cpSync(join(root, 'resources/linux', script), join(folder, script));
    chmodSync(join(folder, script), 0o755);
  }
  for (const name of ['control', 'md5sums']) chmodSync(join(folder, name), 0o644);
  chmodSync(folder, 0o755);
}

/** @param {readonly string[]} args */
function main([named, output = join(root, 'dist')]) {
  const dist = join(root, 'dist');
  const built = existsSync(dist) ? readdirSync(dist).find((name) => /^linux.*unpacked$/.test(name)) : undefined;
  const unpacked = named ?? (built === undefined ? undefined : join(dist, built));
  if (unpacked === undefined || !existsSync(join(unpacked, 'resources/app.asar'))) {
    console.error(`There is no application in ${unpacked ?? dist}. Build it with: npm run package -- --dir`);
    process.exitCode = 2;
    return;
  }
  const deb = buildDeb({ unpacked: resolve(unpacked), output: resolve(output) });
  console.log(`${deb}: ${(statSync(deb).size / 1_000_000).toFixed(1)} MB`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(process.argv.slice(2));
}
