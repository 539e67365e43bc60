import type { AgentDefinition } from '../contract/agent.ts';
import type { ProjectView } from '../contract/api-projects.ts';
import type { AgentId } from '../contract/ids.ts';
import type { ProjectSettings } from '../contract/project.ts';

/** What the `.signalbox` folder of a project holds, as it was read just now. Workflows are the library's. */
export interface ReadProject {
  /** Its real path. */
  readonly folder: string;
  /** Whether there is a `.signalbox` folder. When there is none, such as on a drive that is away, the rest is empty. */
  readonly isThere: boolean;
  /** Agents without faults, by their file; `project` is set. */
  readonly agents: readonly { readonly path: string; readonly definition: AgentDefinition }[];
  /** Agents whose file has faults now: what is known of them stays. */
  readonly faultyAgents: readonly AgentId[];
  /** Null: it has none, or they have faults. */
  readonly settings: ProjectSettings | null;
  readonly problems: ProjectView['problems'];
}

/** Folders whose `.signalbox` folder a person trusts, and what is in them. */
export interface Projects {
  /** The folders that are trusted, as real paths. */
  trusted(): readonly string[];
  /**
   * The nearest trusted folder that a folder is, or lies in; null: there is none. Looks at no disk, so that links are
   * not followed: `place` does that once, where work is created.
   */
  projectOf(folder: string): string | null;
  /** What a trusted project says otherwise than the settings, as it was last read without faults; mostly nothing. */
  settingsOf(project: string | undefined): ProjectSettings;
  /** Looks at the paths of trusted folders again, after the settings were read or saved. Never rejects. */
  settle(): Promise<void>;
  /** The folder to work in: its real path when that, or what was given, lies in a trusted folder; else as given. */
  place(folder: string): Promise<string>;
  /** The real path of a folder; null when it is not there. */
  realFolder(folder: string): Promise<string | null>;
  /** The nearest folder around this one that holds a `.signalbox` folder which is not trusted; null: there is none. */
  untrustedAround(folder: string): Promise<string | null>;
  /** Reads what a project holds, whether it is trusted or not. Starts nothing. Never rejects. */
  read(folder: string): Promise<ReadProject>;
}
