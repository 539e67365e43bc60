/** The workflow that makes releases runs on GitHub's machines only; what can be wrong with it before that is looked at here. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import { releaseNotes } from '../../scripts/packaging/release-notes.mjs';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly include: readonly { readonly os: string }[] } };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: { readonly push: { readonly tags: readonly string[] } };
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const read = (name: string) => parse(readFileSync(`.github/workflows/${name}.yml`, 'utf8')) as Workflow;
const release = read('release');
const steps = Object.values(release.jobs).flatMap((job) => job.steps);
const commands = steps.flatMap(({ run }) => run ?? []);
const job = (name: string) => {
  const found = release.jobs[name];
  if (found === undefined) throw new Error(`there is no job ${name}`);
  return found;
};

it('starts with the tag of a version, and with nothing else', () => {
  expect(release.on).toEqual({ push: { tags: ['v*'] } });
});

it('names only scripts that exist', () => {
  const scripts = commands.flatMap((text) => [...text.matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name = '']) => name));
  const ofNpm = new Set(['ci', 'config', 'install', 'pack', 'pkg', 'publish']);
  const own = scripts.filter((name) => !ofNpm.has(name));
  expect(own).toEqual(expect.arrayContaining(['test', 'package', 'package:deb', 'e2e']));
  expect(own.filter((name) => !(name in manifest.scripts))).toEqual([]);
  const files = commands.flatMap((text) => [...text.matchAll(/\b(?:scripts|bin|tests)\/[\w./-]+/g)]);
  expect(files.length).toBeGreaterThan(0);
  expect(files.flat().filter((path) => !existsSync(path))).toEqual([]);
  const programs = commands.flatMap((text) => [...text.matchAll(/npx ([\w-]+)/g)].map(([, name = '']) => name));
  expect(programs.filter((name) => !existsSync(`node_modules/.bin/${name}`))).toEqual([]);
});

it('has shell scripts without errors of syntax', () => {
  const broken = commands.filter((text) => {
    const plain = text.replaceAll(/\$\{\{[^}]*\}\}/g, 'value');
    return spawnSync('bash', ['-n'], { input: plain }).status !== 0;
  });
  expect(broken).toEqual([]);
});

it('builds for each system and processor that documents promise', () => {
  const systems = job('package').strategy?.matrix.include.map(({ os }) => os);
  expect(systems).toEqual(['ubuntu-latest', 'ubuntu-24.04-arm', 'macos-latest', 'windows-latest']);
});

it('gives each job the rights that it needs and no more', () => {
  expect(release.permissions).toEqual({ contents: 'read' });
  const rights = Object.entries(release.jobs).map(([name, { permissions }]) => [name, permissions]);
  expect(Object.fromEntries(rights)).toEqual({
    test: undefined,
    package: undefined,
    draft: { contents: 'write', 'id-token': 'write', attestations: 'write' },
    npm: { contents: 'read', 'id-token': 'write' },
  });
});

it('shows secrets only to steps that need them, by their environment and never in their text', () => {
  expect(commands.filter((text) => text.includes('secrets.'))).toEqual([]);
  const holders = steps.filter(({ env = {} }) => Object.values(env).some((value) => value.includes('secrets.')));
  expect(holders).toHaveLength(2);
  // What a step is told by others never becomes a part of its script.
  expect(commands.filter((text) => /\$\{\{ *(github|inputs|steps)\./.test(text))).toEqual([]);
});

it('uses actions of GitHub alone, in the versions of the other workflow where both have them', () => {
  const uses = steps.flatMap((step) => step.uses ?? []);
  expect(uses.filter((name) => !/^actions\/[\w-]+@v\d+$/.test(name))).toEqual([]);
  const known = Object.values(read('ci').jobs).flatMap((one) => one.steps.flatMap((step) => step.uses ?? []));
  const versions = new Map(known.map((name) => name.split('@') as [string, string]));
  const different = uses.filter((name) => {
    const [action = '', version] = name.split('@');
    return versions.has(action) && versions.get(action) !== version;
  });
  expect(different).toEqual([]);
});

it('publishes what was tested, with checksums and provenance, and to npm only what a person approves', () => {
  expect(job('draft').needs).toEqual(['test', 'package']);
  const drafting = job('draft').steps.flatMap(({ run, uses }) => run ?? uses ?? []);
  const order = ['sha256sum', 'actions/attest-build-provenance', 'gh release create'].map((word) =>
    drafting.findIndex((text) => text.includes(word)),
  );
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);
  expect(drafting.join('\n')).toContain('--draft --verify-tag');
  expect(job('npm')).toMatchObject({ needs: 'draft', environment: 'npm' });
  expect(
    job('npm')
      .steps.map(({ run }) => run)
      .join('\n'),
  ).toMatch(/npm publish \S*\.tgz --provenance/);
});

it('has what was packaged do a task, with commands that the program has', () => {
  const tried = commands.filter((text) => text.includes('cli.js'));
  expect(tried).toHaveLength(1);
  const asked = [...(tried[0] ?? '').matchAll(/cli\.js" (.*)/g)].map(([, words = '']) => words.split(' '));
  expect(asked).toEqual([['--version'], ['submit', '--wait', '--command', '--', 'git', '--version']]);
});

const changes =
  '# Changelog\n\n## [Unreleased]\n\n- Later.\n\n## [1.2.0] - 2026-01-01\n\n### Added\n\n- Something.\n\n## [1.1.0]\n\n- Old.\n';

it('says of a release what its section of the changelog says', () => {
  expect(releaseNotes({ tag: 'v1.2.0', version: '1.2.0', changes })).toEqual({
    ok: true,
    notes: '### Added\n\n- Something.',
  });
});

it.each([
  ['v1.3.0', '1.2.0', 'The tag v1.3.0 does not fit version 1.2.0 of package.json: it would be v1.2.0.'],
  ['', '1.2.0', 'The tag  does not fit version 1.2.0 of package.json: it would be v1.2.0.'],
  ['v1.3.0', '1.3.0', 'CHANGELOG.md has no section [1.3.0]. Write what has changed, and tag that.'],
])('refuses the tag "%s" for version %s', (tag, version, problem) => {
  expect(releaseNotes({ tag, version, changes })).toEqual({ ok: false, problem });
});
