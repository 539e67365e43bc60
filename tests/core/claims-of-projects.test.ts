/** Whatever is queued where, an agent that a project brings gets the work of its project and no other. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nearestProject } from '../../src-main/contract/project.ts';
import type { Projects } from '../../src-main/core/ports-projects.ts';
import { openEngine } from '../support/engine.ts';
import { noProjects } from '../support/no-projects.ts';
import { agentDefinition } from '../support/samples.ts';

/** One lies in another; what the third is called begins like the first. */
const trusted = ['/work/app', '/work/app/inner', '/work/app-two'];
const folders = ['/work/app', '/work/app/src', '/work/app/inner/src', '/work/app-two', '/work', '/elsewhere'];

const general = agentDefinition({ id: 'general' });
const brought = trusted.map((project, index) =>
  agentDefinition({ id: `own-${index}`, builtin: false, project, slots: 2 }),
);

/** Folders that hold one agent each, without a disk. */
const projects: Projects = {
  ...noProjects,
  trusted: () => trusted,
  projectOf: (folder) => nearestProject(folder, trusted),
  read: (folder) =>
    Promise.resolve({
      folder,
      isThere: true,
      agents: brought
        .filter(({ project }) => project === folder)
        .map((definition) => ({ path: `${folder}/${definition.id}.json`, definition })),
      faultyAgents: [],
      settings: null,
      problems: [],
    }),
};

const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('queue' as const), folder: fc.constantFrom(...folders) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat(20), dies: fc.boolean() }) },
);

it('never gives such an agent foreign work, and all work comes to its end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const engine = await openEngine({
        agents: [general],
        projects: () => projects,
        settings: { slots: { total: 5 } },
      });
      const { launches } = engine.launcher;
      const open = new Set<number>();
      let seen = 0;
      const look = async () => {
        await engine.settle();
        for (; seen < launches.length; seen += 1) {
          const { agent, task } = launches[seen]?.request ?? {};
          const home = nearestProject(task?.spec.folder ?? '', trusted);
          expect(task?.spec.project ?? null).toBe(home);
          if (agent?.project !== undefined) expect(agent.project).toBe(home);
          open.add(seen);
        }
      };
      for (const next of steps) {
        if (next.kind === 'queue') {
          const work = { kind: 'prompt' as const, prompt: 'go', config: {} };
          await engine.call('enqueueTasks', {
            tasks: [{ agent: { type: 'worker' }, work, folder: next.folder, retry: { delayMs: 0 } }],
          });
        } else {
          const index = [...open][next.which % Math.max(1, open.size)];
          if (index === undefined) continue;
          open.delete(index);
          if (next.dies) launches[index]?.fail('no luck', 'fatal');
          else launches[index]?.complete();
        }
        await look();
      }
      for (let turns = 0; open.size > 0 && turns < 60; turns += 1) {
        for (const index of open) launches[index]?.complete();
        open.clear();
        await look();
      }
      const { queued, claimed, running } = engine.store.reads.countTasks();
      expect([queued, claimed, running]).toEqual([0, 0, 0]);
      await engine.close();
    }),
    { numRuns: 12 },
  );
}, 60_000);
