import { expect, test } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { version } from '../../src-main/engine/version.ts';

test('the version is that of the package', () => {
  expect(version).toBe(packageFile.version);
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
});
