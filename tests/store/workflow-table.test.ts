import { expect, it } from 'vitest';
import { stageSpec, workflowOf, workflowVersion } from '../support/samples.ts';
import { openTestStore } from './open-test-store.ts';

it('lists the versions of all workflows or of one, newest first, page by page', async () => {
  const { store } = await openTestStore();
  const names = ['app', 'other', 'app', 'app', 'other'];
  await store.write((unit) => {
    for (const [index, name] of names.entries()) {
      const version = workflowVersion(workflowOf([stageSpec(`s${index}`)], { name }));
      // Two of them at the same moment, so that the hash has to tell them apart.
      unit.putWorkflow({ ...version, registeredAt: Math.floor(index / 2) });
    }
    return null;
  });
  const { reads } = store;
  const all = reads.listWorkflowVersions({ limit: 10 });
  expect(all.next).toBeNull();
  expect(all.versions.map(({ registeredAt }) => registeredAt)).toEqual([2, 1, 1, 0, 0]);
  const paged: typeof all.versions = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page = reads.listWorkflowVersions({ limit: 2, ...(after === undefined ? {} : { after }) });
    paged.push(...page.versions);
    after = page.next;
  }
  expect(paged).toEqual(all.versions);
  const ofApp = reads.listWorkflowVersions({ limit: 2, workflow: 'app' });
  expect(ofApp.versions.map(({ name }) => name)).toEqual(['app', 'app']);
  expect(reads.listWorkflowVersions({ limit: 2, workflow: 'app', after: ofApp.next ?? '' }).versions).toHaveLength(1);
  expect(reads.listWorkflowVersions({ limit: 2, after: 'nonsense' })).toEqual({ versions: [], next: null });
});
