import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  currentPackages,
  importedPackages,
  licencesFile,
  licencesText,
  licenceTexts,
  shippedPackages,
} from '../../scripts/write-licences.mjs';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('lists what is used with all that it depends on, each where Node finds it, once', () => {
  const packages = {
    '': { dependencies: { engine: '1' } },
    'node_modules/engine': { version: '1.0.0', license: 'MIT', dependencies: { shared: '2' } },
    'node_modules/engine/node_modules/shared': { version: '2.0.0', license: 'ISC' },
    'node_modules/shared': { version: '1.0.0', license: 'ISC' },
    'node_modules/window': { version: '3.0.0', dependencies: { shared: '1', gone: '1' } },
    'node_modules/unused': { version: '9.0.0', license: 'MIT' },
  };
  const text = licencesText(shippedPackages(packages, ['window']));
  expect(text.split('\n').slice(2, -2)).toEqual([
    'engine | 1.0.0 | MIT',
    'shared | 1.0.0 | ISC',
    'shared | 2.0.0 | ISC',
    'window | 3.0.0 | see the package',
  ]);
});

it('counts as used whatever a source imports by name, with or without a value, but not Node and not Electron', () => {
  const sources = [
    `import { a } from 'one';\nimport '@scope/two/face.css';\nimport type { B } from "./b.ts";`,
    `const c = await import('three/part');\nexport { d } from 'four';\nimport { app } from 'electron';`,
    `import { join } from 'node:path';\nimport fs from 'fs';\nimport { e } from '../e.ts';`,
  ];
  expect(importedPackages(sources)).toEqual(['@scope/two', 'four', 'one', 'three']);
});

it('the list in the window is that of the packages of now: node scripts/write-licences.mjs', () => {
  expect(readFileSync(licencesFile, 'utf8')).toBe(licencesText(currentPackages()));
});

it('gives each licence in the words of its package, and says what is known where there are none', () => {
  const folder = temporaryFolder();
  const shipped = ['told', 'untold'].map((name) => {
    mkdirSync(join(folder, name));
    return { name, version: '1.0.0', licence: 'MIT', path: name };
  });
  writeFileSync(join(folder, 'told/LICENSE.md'), 'Be kind.\n');
  writeFileSync(join(folder, 'told/NOTICE'), 'Thanks.\n');
  writeFileSync(join(folder, 'untold/package.json'), '{"license":"MIT","author":{"name":"Ann"}}');
  const [, told, untold] = licenceTexts(shipped, folder).split(/\n-+\n/);
  expect(told?.trim()).toBe('told 1.0.0 (MIT)\n\nBe kind.\n\nThanks.');
  expect(untold?.trim()).toBe('untold 1.0.0 (MIT)\n\nIt has no file with its licence. Its package.json says: MIT, Ann');
});

it('has a text for every package that is shipped, and most have it in their own words', () => {
  const shipped = currentPackages();
  const text = licenceTexts(shipped, '.');
  expect(shipped.filter(({ name, version }) => !text.includes(`\n${name} ${version} (`))).toEqual([]);
  expect(shipped.filter(({ licence }) => licence === 'see the package')).toEqual([]);
  expect(text.split('It has no file with its licence').length - 1).toBeLessThan(shipped.length / 20);
});
