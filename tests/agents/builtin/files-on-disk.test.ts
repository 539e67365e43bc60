import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openApplication } from '../../../src-main/agents/builtin/calculator/application.ts';
import { ChildProcesses } from '../../../src-main/agents/builtin/child-processes.ts';
import { GitRepository } from '../../../src-main/agents/builtin/git-repository.ts';
import { packRelease, unpackRelease } from '../../../src-main/agents/builtin/release-archive.ts';
import { readIfPresent, writeAtomically } from '../../../src-main/agents/builtin/write-atomically.ts';
import { failureHere } from './run-here.ts';
import { git, makeWorkspace, prepareApplication, removeWorkspaces } from './workspace.ts';

const children = new ChildProcesses(new AbortController().signal);
let copyApplication: Awaited<ReturnType<typeof prepareApplication>>;
let workspace: string;

beforeAll(async () => {
  copyApplication = await prepareApplication();
}, 30_000);

beforeEach(async () => {
  workspace = makeWorkspace();
});

afterAll(removeWorkspaces);

describe('writing atomically', () => {
  test('tells whether the content changed, and makes missing folders', async () => {
    const path = join(workspace, 'a/b/file.txt');
    expect(await writeAtomically(path, 'one')).toBe(true);
    expect(await writeAtomically(path, 'one')).toBe(false);
    expect(await readIfPresent(path)).toBe('one');
  });

  test('leaves no temporary file when it fails', async () => {
    await symlink(join(workspace, 'nowhere/deep'), join(workspace, 'link'));
    await mkdir(join(workspace, 'place'));
    await expect(writeAtomically(join(workspace, 'place'), 'text')).rejects.toThrow('EISDIR');
    await writeFile(join(workspace, 'file'), '');
    await expect(writeAtomically(join(workspace, 'file/below'), 'text')).rejects.toThrow('ENOTDIR');
    expect((await readdir(workspace)).sort()).toEqual(['file', 'link', 'place']);
  });
});

describe('a git repository', () => {
  test('may be a linked work tree, whose own folder is elsewhere', async () => {
    const { repository } = await copyApplication();
    const linked = join(workspace, 'linked');
    await git(repository, 'worktree', 'add', '-q', '-b', 'other', linked);
    await writeFile(join(linked, 'new.txt'), 'new');
    const tree = new GitRepository(linked, children);
    const commit = await tree.commit(['new.txt'], 'Add a file');
    expect({ head: await tree.head(), branch: await tree.branch() }).toEqual({ head: commit, branch: 'other' });
    await tree.switchTo('third');
    await tree.switchTo('other');
    expect(await tree.branch()).toBe('other');
  });

  test('says what git said when it refuses', async () => {
    const { repository } = await copyApplication();
    await expect(new GitRepository(repository, children).commit(['no-such-file'], 'x')).rejects.toMatchObject({
      facts: { class: 'unknown', what: 'git add did not work', why: expect.stringContaining('no-such-file') },
    });
  });
});

describe('a release', () => {
  test('is the same bytes each time, and damage is noticed before it is unpacked', async () => {
    const { repository } = await copyApplication();
    const context = { workspace, task: { inputs: { repository } } } as unknown as Parameters<typeof openApplication>[0];
    const application = await openApplication(context);
    const first = await packRelease(application, workspace);
    const second = await packRelease(application, workspace);
    expect(second).toEqual(first);
    await writeFile(first.archive, 'damaged');
    await expect(unpackRelease(first, join(workspace, 'unpacked'))).rejects.toMatchObject({
      facts: { class: 'transient', why: expect.stringContaining(first.checksum) },
    });
  });

  test('may name files that do not exist, as npm allows, but needs a version', async () => {
    const { workspace: place, repository } = await copyApplication();
    const task = { workflow: 'bugfix', stage: 'deployment', inputs: { repository } };
    const path = join(repository, 'package.json');
    const manifest = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...manifest, files: ['LICENSE'] }));
    expect((await failureHere('deployment', place, task)).message).toContain('does not work after it was unpacked');
    await writeFile(path, '{"version":"soon"}');
    expect((await failureHere('deployment', place, task)).message).toContain('cannot be used');
    await rm(path);
    expect((await failureHere('deployment', place, task)).message).toContain('it is missing');
    await writeFile(join(repository, 'spec.json'), 'no JSON');
    expect((await failureHere('deployment', place, task)).message).toContain('There is no calculator application');
  });
});
