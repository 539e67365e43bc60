import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configure } from '../../electron-builder.config.mjs';
import { temporaryFolder } from '../support/temporary-folder.ts';

const hosted = { GITHUB_REPOSITORY: 'someone/a-repository' };

describe('the configuration of the installers', () => {
  it('has packages for macOS and Windows; those of Linux are made in two steps', () => {
    const { linux, mac, win } = configure({ output: temporaryFolder(), env: {} });
    expect(win?.target).toEqual([{ target: 'nsis', arch: ['x64'] }]);
    expect(mac?.target).toEqual(['dmg', 'zip'].map((target) => ({ target, arch: ['x64', 'arm64'] })));
    expect(linux).not.toHaveProperty('target');
  });

  it('publishes nothing and invents no address where no release is made', () => {
    const { publish, linux, extraMetadata } = configure({ output: temporaryFolder(), env: {} });
    expect({ publish, maintainer: linux?.maintainer, homepage: extraMetadata.homepage }).toEqual({
      publish: null,
      maintainer: 'The Signalbox authors',
      homepage: undefined,
    });
  });

  it('makes a draft, and names who owns the repository, where GitHub says which one it is', () => {
    const { publish, linux, extraMetadata } = configure({ output: temporaryFolder(), env: hosted });
    expect(publish).toEqual({ provider: 'github', owner: 'someone', repo: 'a-repository', releaseType: 'draft' });
    expect(linux?.maintainer).toBe('The Signalbox authors <someone@users.noreply.github.com>');
    expect(extraMetadata.homepage).toBe('https://github.com/someone/a-repository');
  });

  it('hardens the runtime on macOS where there is a certificate, and asks for nothing but what JavaScript needs', () => {
    const output = temporaryFolder();
    const signed = configure({ output, env: { CSC_LINK: 'a certificate' } }).mac;
    expect(signed).toMatchObject({ hardenedRuntime: true });
    expect(signed).not.toHaveProperty('identity');
    expect(configure({ output, env: {} }).mac).toMatchObject({ hardenedRuntime: false, identity: '-' });
    const asked = readFileSync(String(signed?.entitlements), 'utf8').matchAll(/<key>(.*)<\/key>/g);
    expect([...asked].map(([, key]) => key)).toEqual(['com.apple.security.cs.allow-jit']);
  });

  it('links the command of a deb and an rpm to the command line, and takes the link away with it', () => {
    const { deb, rpm } = configure({ output: temporaryFolder(), env: {} });
    for (const scripts of [deb, rpm]) {
      const [install, remove] = [scripts?.afterInstall, scripts?.afterRemove].map((path) =>
        readFileSync(String(path), 'utf8'),
      );
      const command = `'/opt/\${sanitizedProductName}/resources/bin/signalbox'`;
      expect(install).toContain(`update-alternatives --install '/usr/bin/\${executable}' '\${executable}' ${command}`);
      expect(remove).toContain(`update-alternatives --remove '\${executable}' ${command}`);
    }
  });
});
