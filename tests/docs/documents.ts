import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository's root folder. */
export const root = join(import.meta.dirname, '../..');

/** The documents of the project, by their paths in the repository. */
export const documents: readonly string[] = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...globSync('docs/*.md', { cwd: root }).map((path) => path.replaceAll('\\', '/')),
];

/** Notes for people who change one part, beside it: held to the sources like the documents, but in no index. */
export const notes: readonly string[] = [
  'src-renderer/README.md',
  'tests/e2e/README.md',
  'tests/support/electron-double/README.md',
];

/** The text of a file of the repository. */
export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n');
}

/** The fenced blocks of a text that are marked with a language. */
export function blocks(text: string, language: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, body]) => body ?? '');
}

/** The rows of all tables in a text, cell by cell, without their heads. */
export function tableRows(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const isHead = /^\| *-/.test(lines[index + 1] ?? '');
    if (!line.startsWith('|') || isHead || /^\| *-/.test(line)) return [];
    return [
      line
        .replace(/^\|/, '')
        .replace(/\|$/, '')
        .split('|')
        .map((cell) => cell.trim()),
    ];
  });
}

/** The part of a document below a heading, up to the next heading of the same or a higher level. */
export function section(text: string, heading: string): string {
  const level = heading.indexOf(' ');
  const after = text.split(`\n${heading}\n`)[1];
  if (after === undefined) throw new Error(`there is no heading "${heading}"`);
  return after.split(new RegExp(`^#{1,${level}} `, 'm'))[0] ?? '';
}

/** The anchors that a document's headings have on the pages that show it. */
export function anchors(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
