import type { Projects } from '../../src-main/core/ports-projects.ts';

/** Nobody trusts a folder. */
export const noProjects: Projects = {
  trusted: () => [],
  projectOf: () => null,
  settingsOf: () => ({}),
  settle: () => Promise.resolve(),
  place: (folder) => Promise.resolve(folder),
  realFolder: (folder) => Promise.resolve(folder),
  untrustedAround: () => Promise.resolve(null),
  read: (folder) =>
    Promise.resolve({ folder, isThere: false, agents: [], faultyAgents: [], settings: null, problems: [] }),
};
