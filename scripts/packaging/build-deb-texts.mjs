/** What a Debian package says of itself: its control file, its changes, and whose work it holds under which licence. */

/** Where the application lies, without the first slash. */
export const applicationFolder = 'usr/lib/signalbox';

/**
 * What Electron's program is linked to, and xdg-open for links. Since Debian 13 and Ubuntu 24.04 some carry another
 * name, which provides the old one.
 */
const depends = [
  'libasound2 | libasound2t64',
  'libatk-bridge2.0-0 | libatk-bridge2.0-0t64',
  'libatk1.0-0 | libatk1.0-0t64',
  'libatspi2.0-0 | libatspi2.0-0t64',
  'libc6 (>= 2.34)',
  'libcairo2',
  'libcups2 | libcups2t64',
  'libdbus-1-3',
  'libexpat1',
  'libgbm1',
  'libgcc-s1',
  'libglib2.0-0 | libglib2.0-0t64',
  'libgtk-3-0 | libgtk-3-0t64',
  'libnspr4',
  'libnss3',
  'libpango-1.0-0',
  'libstdc++6',
  'libudev1',
  'libx11-6',
  'libxcb1',
  'libxcomposite1',
  'libxdamage1',
  'libxext6',
  'libxfixes3',
  'libxkbcommon0',
  'libxrandr2',
  'xdg-utils',
];

/** git keeps the work of the built-in agents; the others show the tray, notifications, and keep secrets of Chromium. */
const recommends = ['git', 'libayatana-appindicator3-1', 'libnotify4', 'libsecret-1-0'];

/** Debian's names of what Node calls the processor. */
const architectures = new Map([
  ['x64', 'amd64'],
  ['arm64', 'arm64'],
]);

/**
 * @param {string} arch as in `process.arch`
 * @returns {string}
 */
export function debianArchitecture(arch) {
  const found = architectures.get(arch);
  if (found === undefined) throw new Error(`There is no Electron for Debian on ${arch}.`);
  return found;
}

/**
 * A version that Debian orders as npm does: 1.0.0-beta.1 comes before 1.0.0. The last number is that of the packaging.
 *
 * @param {string} version
 */
export function debianVersion(version) {
  return `${version.replace('-', '~')}-1`;
}

/**
 * @param {object} facts
 * @param {string} facts.version of the product
 * @param {string} facts.architecture by Debian's name
 * @param {string} facts.maintainer
 * @param {string | null} facts.homepage
 * @param {number} facts.installedKib
 * @returns {string}
 */
export function controlText({ version, architecture, maintainer, homepage, installedKib }) {
  return `Package: signalbox
Version: ${debianVersion(version)}
Architecture: ${architecture}
Maintainer: ${maintainer}
Installed-Size: ${installedKib}
Depends: ${depends.join(', ')}
Recommends: ${recommends.join(', ')}
Section: devel
Priority: optional${homepage === null ? '' : `\nHomepage: ${homepage}`}
Description: control room for AI agents and commands on your own machine
 Signalbox runs workflows of AI agents and commands on your own machine. It
 stores every piece of work before it starts it, gives it to agents that run
 as processes of their own, and lets exits, protocol answers and gates decide
 what is done.
 .
 It never loses a run, never runs a task twice at once, never leaves a process
 behind, and always says why. It opens a window, shows itself in the tray, and
 has a command line.
`;
}

/**
 * The changes of a version in Debian's form: from the section of that version, or from what is not released yet.
 *
 * @param {object} facts
 * @param {string} facts.changes text of CHANGELOG.md
 * @param {string} facts.version of the product
 * @param {string} facts.maintainer
 * @param {Date} facts.date of the package
 * @returns {string}
 */
export function changelogText({ changes, version, maintainer, date }) {
  const sections = changes.split(/^## /m).slice(1);
  const section = [`[${version}]`, '[Unreleased]'].flatMap(
    (head) => sections.find((one) => one.startsWith(head)) ?? [],
  );
  const points = (section[0] ?? '').split(/^- /m).slice(1);
  if (points.length === 0)
    throw new Error(`CHANGELOG.md says nothing of version ${version}, and of nothing unreleased.`);
  const lines = points.map((point) => wrap((point.split(/\n#|\n\n/)[0] ?? '').replaceAll(/\s+/g, ' ').trim()));
  // The form demands brackets, also around no address.
  const signature = maintainer.endsWith('>') ? maintainer : `${maintainer} <>`;
  const day = date.toUTCString().replace('GMT', '+0000');
  return `signalbox (${debianVersion(version)}) unstable; urgency=medium\n\n${lines.join('\n')}\n\n -- ${signature}  ${day}\n`;
}

/**
 * One point of a list in lines that fit 80 columns.
 *
 * @param {string} text
 */
function wrap(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1] ?? '';
    if (last.length + word.length < 75) lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line, index) => `${index === 0 ? '  * ' : '    '}${line}`).join('\n');
}

/**
 * Whose work the package holds, in the form that Debian's tools read.
 *
 * @param {object} facts
 * @param {string} facts.licence text of LICENSE
 * @param {readonly import('../write-licences.mjs').ShippedPackage[]} facts.packages inside the archive
 * @returns {string}
 */
export function copyrightText({ licence, packages }) {
  const holder = /^Copyright \(c\) (.*)$/m.exec(licence)?.[1] ?? '';
  const terms = licence.slice(licence.indexOf('Permission is hereby')).trim();
  const body = terms.split('\n').map((line) => ` ${line === '' ? '.' : line}`);
  const rows = packages.map((one) => `  ${one.name} ${one.version}: ${one.licence}`);
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Signalbox

Files: *
Copyright: ${holder}
License: Expat

Files: ${applicationFolder}/*
Copyright: Electron contributors, GitHub Inc., The Chromium Authors and others
License: Expat-and-Chromium
Comment: Electron's runtime, with Chromium and Node inside.

Files: ${applicationFolder}/resources/*
Copyright: ${holder}, and the authors of the packages below
License: Expat-and-packages
Comment: The program, and the packages that it is made of:
${rows.join('\n')}

License: Expat
${body.join('\n')}

License: Expat-and-Chromium
 Electron has the terms of "Expat" above, which
 /${applicationFolder}/LICENSE.electron.txt repeats. All that Chromium is made
 of is listed with its terms in /${applicationFolder}/LICENSES.chromium.html.

License: Expat-and-packages
 The program has the terms of "Expat" above. Each package has the terms that
 are named beside it; their texts are in
 /${applicationFolder}/resources/THIRD-PARTY-LICENSES.txt.
`;
}
