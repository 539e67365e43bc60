import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFolders } from '../../src-main/workflows/folders.ts';
import { createStoredWorkspaces } from '../../src-main/workflows/stored-workspaces.ts';
import { countingIds } from '../support/counting-ids.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ids = countingIds();

async function listed(workspaces: ReturnType<typeof createStoredWorkspaces>): Promise<string[]> {
  const all: string[] = [];
  for await (const lot of workspaces.listWorkspaces()) all.push(...lot.map(({ ownerId }) => ownerId));
  return all.toSorted();
}

it('R75 lists the folders that were made for runs and tasks, and removes them with all that is in them', async () => {
  const dataFolder = temporaryFolder();
  const folders = createFolders({ dataFolder });
  const all = [...Array.from({ length: 70 }, () => ids.runId()), ids.taskId()];
  for (const id of all) await folders.create(id);
  const workspaces = createStoredWorkspaces({ dataFolder });
  const elsewhere = temporaryFolder();
  writeFileSync(join(elsewhere, 'precious'), 'mine');
  const [first, second] = all;
  const inside = join(dataFolder, 'workspaces', String(first), 'deep');
  mkdirSync(inside);
  symlinkSync(elsewhere, join(inside, 'link'));
  expect(await listed(workspaces)).toEqual(all.toSorted());
  await workspaces.removeWorkspaces(all.filter((id) => id !== second));
  expect(await listed(workspaces)).toEqual([second]);
  expect(existsSync(join(elsewhere, 'precious'))).toBe(true);
});

it('leaves links and other folders alone, and finds none where there is no folder', async () => {
  const dataFolder = temporaryFolder();
  const workspaces = createStoredWorkspaces({ dataFolder });
  expect(await listed(workspaces)).toEqual([]);
  const root = join(dataFolder, 'workspaces');
  const elsewhere = temporaryFolder();
  const linked = ids.runId();
  mkdirSync(join(root, 'mine'), { recursive: true });
  symlinkSync(elsewhere, join(root, linked));
  expect(await listed(workspaces)).toEqual([]);
  await workspaces.removeWorkspaces([linked]);
  expect(existsSync(join(root, linked))).toBe(true);
  expect(existsSync(elsewhere)).toBe(true);
  expect(existsSync(join(root, 'mine'))).toBe(true);
});
