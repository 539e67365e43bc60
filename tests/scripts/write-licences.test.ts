import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { currentLicences, licencesFile, licencesText } from '../../scripts/write-licences.mjs';

it('lists what is used with all that it depends on, each where Node finds it, once', () => {
  const packages = {
    '': { dependencies: { engine: '1' } },
    'node_modules/engine': { version: '1.0.0', license: 'MIT', dependencies: { shared: '2' } },
    'node_modules/engine/node_modules/shared': { version: '2.0.0', license: 'ISC' },
    'node_modules/shared': { version: '1.0.0', license: 'ISC' },
    'node_modules/window': { version: '3.0.0', dependencies: { shared: '1', gone: '1' } },
    'node_modules/unused': { version: '9.0.0', license: 'MIT' },
  };
  expect(licencesText(packages, ['window']).split('\n').slice(2, -2)).toEqual([
    'engine | 1.0.0 | MIT',
    'shared | 1.0.0 | ISC',
    'shared | 2.0.0 | ISC',
    'window | 3.0.0 | see the package',
  ]);
});

it('the list in the window is that of the packages of now: node scripts/write-licences.mjs', () => {
  expect(readFileSync(licencesFile, 'utf8')).toBe(currentLicences());
});
