import { existsSync, globSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  agentTransitions,
  approvalTransitions,
  attemptTransitions,
  breakerTransitions,
  permissionTransitions,
  runTransitions,
  stageTransitions,
  taskTransitions,
} from '../../src-main/contract/states.ts';
import { anchors, documents, notes, readText, root, section, tableRows } from './documents.ts';

/** Paths of the repository as documents name them; `*` stands for any part of a name. */
const namedPath = /(?<![\w./-])(?:src-main|src-preload|src-renderer|tests|docs|bin|scripts|resources)\/[\w./*-]*/g;
/** What documents name as the shape of a name, and not as a file. */
const shapes: ReadonlySet<string> = new Set(['src-main/store/migrations/NNNN-what-for.ts']);

describe.each([...documents, ...notes])('%s', (document) => {
  const text = readText(document);

  test('names only files and folders that exist', () => {
    const named = [...text.matchAll(namedPath)].map(([path]) => path.replace(/[.-]+$/, ''));
    const missing = named.filter((path) => !shapes.has(path) && globSync(path, { cwd: root }).length === 0);
    expect(missing).toEqual([]);
  });

  test('links only to what is there, headings included', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? document : normalize(join(dirname(document), path)).replaceAll('\\', '/');
        if (!existsSync(join(root, target))) return true;
        return anchor !== undefined && !anchors(readText(target)).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  test('names no path of one machine', () => {
    expect(text).not.toMatch(/\/(?:home|root|Users|work)\/|\/tmp\/|[A-Z]:\\/);
  });
});

test('every document is in the index', () => {
  const index = readText('docs/README.md');
  const missing = documents.filter((path) => {
    const link = path.startsWith('docs/') ? path.slice('docs/'.length) : `../${path}`;
    return link !== 'README.md' && link !== '../CONTRIBUTING.md' && !index.includes(`(${link})`);
  });
  expect(missing).toEqual([]);
});

test('the state tables are those of the contract', () => {
  const tables = {
    '### Run': runTransitions,
    '### Stage': stageTransitions,
    '### Task': taskTransitions,
    '### Attempt': attemptTransitions,
    '### Agent': agentTransitions,
    '### Approval': approvalTransitions,
    '### Permission': permissionTransitions,
    '### Circuit breaker': breakerTransitions,
  };
  const text = readText('ARCHITECTURE.md');
  for (const [heading, table] of Object.entries(tables)) {
    const written = tableRows(section(text, heading)).map(([state = '', next = '']) => [
      state,
      next === '' ? [] : next.split(', '),
    ]);
    expect(Object.fromEntries(written), heading).toEqual(table);
  }
});

test('every invariant names tests', () => {
  const rows = tableRows(section(readText('ARCHITECTURE.md'), '## Invariants'));
  expect(rows.map(([name]) => name)).toEqual(Array.from({ length: 12 }, (_, index) => `I${index + 1}`));
  for (const [name, , tests = ''] of rows) expect(tests, name).toMatch(/`tests\/.*\.(?:test|spec)\.ts`/);
});
