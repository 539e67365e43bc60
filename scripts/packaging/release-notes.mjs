/**
 * `node scripts/packaging/release-notes.mjs TAG` prints what a release says of itself: the section of its version in
 * CHANGELOG.md. It fails where the tag is not that of package.json's version, or the section is missing, so that nothing
 * is built under a wrong name.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../source-files.mjs';

/**
 * @param {object} facts
 * @param {string} facts.tag as in git
 * @param {string} facts.version of package.json
 * @param {string} facts.changes text of CHANGELOG.md
 * @returns {{ ok: true, notes: string } | { ok: false, problem: string }}
 */
export function releaseNotes({ tag, version, changes }) {
  if (tag !== `v${version}`) {
    return {
      ok: false,
      problem: `The tag ${tag} does not fit version ${version} of package.json: it would be v${version}.`,
    };
  }
  const section = changes.split(/^## /m).find((one) => one.startsWith(`[${version}]`));
  const notes = section?.slice(section.indexOf('\n')).trim();
  return notes === undefined || notes === ''
    ? { ok: false, problem: `CHANGELOG.md has no section [${version}]. Write what has changed, and tag that.` }
    : { ok: true, notes };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const changes = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const found = releaseNotes({ tag: process.argv[2] ?? '', version, changes });
  if (found.ok) {
    console.log(found.notes);
  } else {
    console.error(found.problem);
    process.exitCode = 1;
  }
}
