import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { Problem } from '../contract/errors.ts';
import type { ProjectSettings } from '../contract/project.ts';
import { nearestProject, projectFolderName, projectSettingsSchema } from '../contract/project.ts';
import type { Settings } from '../contract/settings.ts';
import type { Projects, ReadProject } from '../core/ports-projects.ts';
import { createFileTexts } from '../workflows/file-texts.ts';
import { whyOutside } from '../workflows/inside-folder.ts';
import { parseProjectFile } from './project-file.ts';
import { readAgents } from './read-agents.ts';

const nothing: ProjectSettings = {};

/**
 * The folders that the settings name as trusted. Which of them a folder lies in is answered from memory, because it is
 * asked for every task; disks are looked at when work is created, and when a person looks.
 */
export class ProjectFolders implements Projects {
  readonly #settings: Pick<Settings, 'projects'>;
  readonly #texts = createFileTexts();
  /** What each project said last without a fault. */
  readonly #said = new Map<string, ProjectSettings>();
  /** Real paths, and the list of the settings that they were made of. */
  #real: { readonly of: readonly string[]; readonly folders: readonly string[] } = { of: [], folders: [] };

  /** @param settings what holds now. */
  constructor(settings: Pick<Settings, 'projects'>) {
    this.#settings = settings;
  }

  trusted(): readonly string[] {
    const { projects } = this.#settings;
    return this.#real.of === projects ? this.#real.folders : projects;
  }

  projectOf(folder: string): string | null {
    return nearestProject(folder, this.trusted());
  }

  settingsOf(project: string | undefined): ProjectSettings {
    if (project === undefined || !this.trusted().includes(project)) return nothing;
    return this.#said.get(project) ?? nothing;
  }

  async settle(): Promise<void> {
    const { projects } = this.#settings;
    const named = projects.filter((folder) => isAbsolute(folder));
    const folders = await Promise.all(named.map(async (folder) => (await this.realFolder(folder)) ?? folder));
    this.#real = { of: projects, folders: [...new Set(folders)] };
    for (const folder of this.#said.keys()) if (!folders.includes(folder)) this.#said.delete(folder);
  }

  async place(folder: string): Promise<string> {
    if (this.trusted().length === 0) return folder;
    const real = (await this.realFolder(folder)) ?? folder;
    return this.projectOf(folder) === null && this.projectOf(real) === null ? folder : real;
  }

  async realFolder(folder: string): Promise<string | null> {
    try {
      const real = await realpath(folder);
      return (await stat(real)).isDirectory() ? real : null;
    } catch {
      return null;
    }
  }

  async untrustedAround(folder: string): Promise<string | null> {
    const start = await this.realFolder(folder);
    let at = start;
    while (at !== null && !this.trusted().includes(at)) {
      if (await hasProjectFolder(at)) return at;
      const above = dirname(at);
      at = above === at ? null : above;
    }
    return null;
  }

  async read(folder: string): Promise<ReadProject> {
    const isThere = await hasProjectFolder(folder);
    if (!isThere) return { folder, isThere, agents: [], faultyAgents: [], settings: null, problems: [] };
    const agents = await readAgents(folder, this.#texts);
    const settings = await this.#readSettings(folder);
    return { folder, isThere, ...agents, ...settings, problems: [...settings.problems, ...agents.problems] };
  }

  /** A file with faults changes nothing of what the project said before; one that is not there says nothing. */
  async #readSettings(folder: string): Promise<Pick<ReadProject, 'settings' | 'problems'>> {
    const path = join(folder, projectFolderName, 'settings.json');
    const outside = await whyOutside(path, folder);
    const file = outside === null ? await this.#texts.read(path) : null;
    const problem = outside ?? file?.problem ?? null;
    if (problem !== null) return faulty(path, [problem]);
    const parsed = file === null ? null : parseProjectFile(path, file.text, projectSettingsSchema);
    if (parsed !== null && !parsed.ok) return faulty(path, parsed.error);
    if (parsed === null) this.#said.delete(folder);
    else if (this.trusted().includes(folder)) this.#said.set(folder, parsed.value);
    return { settings: parsed?.value ?? null, problems: [] };
  }
}

function faulty(path: string, problems: readonly Problem[]): Pick<ReadProject, 'settings' | 'problems'> {
  return { settings: null, problems: problems.map((problem) => ({ path, problem })) };
}

async function hasProjectFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(join(folder, projectFolderName))).isDirectory();
  } catch {
    return false;
  }
}
