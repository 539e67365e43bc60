import type { Agent } from '../contract/agent.ts';
import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { ProjectView } from '../contract/api-projects.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { AgentId } from '../contract/ids.ts';
import { defaultTimeouts } from '../contract/policies.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Settings } from '../contract/settings.ts';
import type { Breakers } from './breakers.ts';
import type { CommandDesk } from './command-desk.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type { Parts } from './parts.ts';
import type { AgentLauncher, Clock, Logger, SettingsFile, Store, WorkflowLibrary } from './ports.ts';
import type { Projects, ReadProject } from './ports-projects.ts';
import type { AgentChanges } from './project-agents.ts';
import { agentChanges, applyAgentChanges, idConflicts } from './project-agents.ts';

/** As many as the settings may name. */
const mostProjects = 100;

export interface ProjectDeskDeps {
  readonly store: Store;
  readonly projects: Projects;
  readonly workflows: WorkflowLibrary;
  /** What holds now. */
  readonly settings: Pick<Settings, 'projects'>;
  readonly settingsFile: SettingsFile;
  readonly launcher: Pick<AgentLauncher, 'stopAgent'>;
  readonly live: LiveAttempts;
  readonly breakers: Breakers;
  readonly desk: CommandDesk;
  readonly parts: Parts;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Something may be claimable now. */
  readonly nudge: () => void;
}

/** A project on a drive that does not answer holds up neither the start nor the end for longer, ms. */
const patienceMs = 3_000;

/** Where work is to be done. */
export interface WorkPlace {
  /** Undefined: none was named. */
  readonly folder: string | undefined;
  /** The trusted project that it lies in; null: none. */
  readonly project: string | null;
}

/**
 * Keeps what projects bring in step with their files: at start, when a person trusts one or looks at it, and when work
 * is created in it. Nobody watches folders, and nothing of a folder is used that no person trusts.
 */
export class ProjectDesk {
  readonly #deps: ProjectDeskDeps;
  /** Looks under way: work that is created meanwhile shares them. */
  readonly #looks = new Map<string, Promise<ReadProject>>();
  /** Projects whose faults health shows. */
  readonly #reported = new Set<string>();
  /** Looks at all of them, one after the other. */
  #all: Promise<void> = Promise.resolve();
  #isStopped = false;
  /** The last of what changes which folders are trusted; one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: ProjectDeskDeps) {
    this.#deps = deps;
  }

  /** Looks at every trusted project, and removes agents of those that are not trusted any more. Never rejects. */
  lookAtAll(): Promise<void> {
    this.#all = this.#all.then(() => (this.#isStopped ? undefined : this.#lookAtAll()));
    return this.#all;
  }

  /** Looks at every trusted project before work begins. */
  start(): Promise<void> {
    return this.#withPatience(this.lookAtAll());
  }

  /** Looks at nothing more by itself. Resolves when a look under way has ended. */
  stop(): Promise<void> {
    this.#isStopped = true;
    return this.#withPatience(this.#all);
  }

  #withPatience(looks: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const stopTimer = this.#deps.clock.after(patienceMs, resolve);
      void looks.then(() => {
        stopTimer();
        resolve();
      });
    });
  }

  async #lookAtAll(): Promise<void> {
    const { projects } = this.#deps;
    await projects.settle();
    for (const project of this.#reported) if (!projects.trusted().includes(project)) this.#report(project, []);
    await this.#change((agents) => this.#untrusted(agents));
    for (const project of projects.trusted()) await this.#look(project);
  }

  /** Where work in this folder is done, and in which project; what that brings is as its files are now. */
  async enter(folder: string | undefined): Promise<WorkPlace> {
    const place = await placeOf(this.#deps.projects, folder);
    if (place.project !== null) await this.#look(place.project);
    return place;
  }

  async listProjects(): Promise<Result<ApiOutput<'listProjects'>, ApiError>> {
    const views: ProjectView[] = [];
    for (const project of this.#deps.projects.trusted().toSorted())
      views.push(await this.#view(await this.#look(project)));
    return ok({ projects: views });
  }

  async inspectProject({ folder }: ApiParsedInput<'inspectProject'>): Promise<Result<ProjectView, ApiError>> {
    const { projects } = this.#deps;
    const real = await projects.realFolder(folder);
    if (real === null && !projects.trusted().includes(folder)) return notThere(folder);
    return ok(await this.#view(await projects.read(real ?? folder)));
  }

  trustProject({ folder }: ApiParsedInput<'trustProject'>): Promise<Result<ProjectView, ApiError>> {
    return this.#inTurn(async () => {
      const { projects, nudge } = this.#deps;
      const real = await projects.realFolder(folder);
      if (real === null) return notThere(folder);
      if (!projects.trusted().includes(real)) {
        if (!(await projects.read(real)).isThere) return nothingToTrust(real);
        const saved = await this.#saveTrusted((trusted) => [...trusted, real]);
        if (!saved.ok) return saved;
      }
      const view = await this.#view(await this.#look(real));
      nudge();
      return ok(view);
    });
  }

  forgetProject({
    folder,
    reason,
  }: ApiParsedInput<'forgetProject'>): Promise<Result<ApiOutput<'forgetProject'>, ApiError>> {
    return this.#inTurn(async () => {
      const { projects, desk, logger } = this.#deps;
      const real = (await projects.realFolder(folder)) ?? folder;
      if (!projects.trusted().includes(real)) return notTrusted(real);
      // The agents go first: when the engine ends in between, it finds the project trusted, and registers them again.
      const removed = await desk.run('forgetProject', {}, (unit, moment): Result<readonly AgentId[], ApiError> => {
        const agents = unit.agents().filter(({ definition }) => definition.project === real);
        const busy = this.#busyOf(real, agents);
        if (!busy.ok) return busy;
        const remove = agents.map(({ id }) => id);
        applyAgentChanges(unit, this.#deps.breakers, { register: [], remove }, moment);
        return ok(remove);
      });
      if (!removed.ok) return removed;
      await this.#stop(removed.value);
      const saved = await this.#saveTrusted((trusted) => trusted.filter((other) => other !== real));
      if (!saved.ok) {
        await this.#look(real);
        return saved;
      }
      this.#report(real, []);
      // Work that came in meanwhile may have brought them back.
      await this.#change((agents) => this.#untrusted(agents));
      logger.info('A project was forgotten.', { folder: real, reason });
      return ok({});
    });
  }

  /** Refuses settings that forget a project whose agents have live work. */
  checkSettings({ projects }: Pick<Settings, 'projects'>): Result<null, ApiError> {
    // One may be named by a link: what was not touched is not compared with real paths.
    if (JSON.stringify(projects) === JSON.stringify(this.#deps.settings.projects)) return ok(null);
    const dropped = this.#deps.projects.trusted().filter((project) => !projects.includes(project));
    for (const project of dropped) {
      const busy = this.#busyOf(project, this.#deps.store.reads.agents());
      if (!busy.ok) return busy;
    }
    return ok(null);
  }

  async #saveTrusted(change: (trusted: readonly string[]) => readonly string[]): Promise<Result<null, ApiError>> {
    const { settingsFile, projects } = this.#deps;
    const { settings } = await settingsFile.view();
    const next = { ...settings, projects: [...change(projects.trusted())] };
    if (next.projects.length > mostProjects) return tooMany();
    const saved = await settingsFile.save(next);
    if (!saved.ok) return saved;
    await projects.settle();
    return ok(null);
  }

  /** Reads a project, and brings its agents in step with it. Never rejects. */
  #look(project: string): Promise<ReadProject> {
    const underWay = this.#looks.get(project);
    if (underWay !== undefined) return underWay;
    const look = this.#read(project).finally(() => this.#looks.delete(project));
    this.#looks.set(project, look);
    return look;
  }

  async #read(project: string): Promise<ReadProject> {
    const { projects, store, live } = this.#deps;
    const read = await projects.read(project);
    if (!projects.trusted().includes(project)) return read;
    await this.#change((agents) => agentChanges(read, agents, (agentId) => live.ofAgent(agentId)));
    this.#report(project, [...read.problems, ...idConflicts(read, store.reads.agents())]);
    return read;
  }

  /** Health shows the first fault of a project, and how many more there are. */
  #report(project: string, problems: ProjectView['problems']): void {
    const [first, ...others] = problems;
    this.#deps.parts.report(
      `project ${project}`,
      first === undefined ? null : troubleOf(project, first, others.length),
    );
    if (first === undefined) this.#reported.delete(project);
    else this.#reported.add(project);
  }

  /** Agents of folders that are not trusted any more: the settings were changed while no engine ran, or by hand. */
  #untrusted(agents: readonly Agent[]): AgentChanges {
    const { projects, live } = this.#deps;
    const trusted = projects.trusted();
    const remove = agents
      .filter(({ definition: { project } }) => project !== undefined && !trusted.includes(project))
      .filter(({ id }) => live.ofAgent(id) === 0)
      .map(({ id }) => id);
    return { register: [], remove };
  }

  /** Most looks find nothing to change, and write nothing. */
  async #change(changesOf: (agents: readonly Agent[]) => AgentChanges): Promise<void> {
    const { store, clock, breakers, logger, nudge } = this.#deps;
    try {
      const found = changesOf(store.reads.agents());
      if (found.register.length + found.remove.length === 0) return;
      const removed = await store.write((unit) => {
        const changes = changesOf(unit.agents());
        applyAgentChanges(unit, breakers, changes, { at: clock.now(), actor: 'engine' });
        return changes.remove;
      });
      await this.#stop(removed);
      nudge();
    } catch (error) {
      logger.error('The agents of a project could not be stored; they are looked at again with its next work.', {
        error,
      });
    }
  }

  async #stop(agentIds: readonly AgentId[]): Promise<void> {
    const { launcher } = this.#deps;
    await Promise.all(agentIds.map((agentId) => launcher.stopAgent(agentId, defaultTimeouts.stopMs)));
  }

  #busyOf(project: string, agents: readonly Agent[]): Result<null, ApiError> {
    const { live } = this.#deps;
    const busy = agents.find(({ id, definition }) => definition.project === project && live.ofAgent(id) > 0);
    if (busy === undefined) return ok(null);
    return refuse(
      'refused',
      `Project ${project} cannot be forgotten: its agent ${busy.id} holds ${live.ofAgent(busy.id)} live attempts.`,
      `Let them end first: signalbox agents drain ${busy.id}`,
    );
  }

  async #view(read: ReadProject): Promise<ProjectView> {
    const { projects, workflows, store } = this.#deps;
    const { folder, isThere, settings } = read;
    const types = read.agents.map(({ definition }) => definition.type);
    const found = await workflows.inProject(folder, types);
    return {
      folder,
      name: nameOf(folder),
      trusted: projects.trusted().includes(folder),
      isThere,
      workflows: found.map(({ summary }) => summary),
      agents: read.agents.map(({ definition: { id, title, type, command } }) => ({ id, title, type, command })),
      settings,
      problems: [...read.problems, ...idConflicts(read, store.reads.agents())],
    };
  }

  #inTurn<T>(work: () => Promise<Result<T, ApiError>>): Promise<Result<T, ApiError>> {
    const turn = this.#last.then(work);
    // What went wrong with this one is told to who asked for it.
    const over = () => undefined;
    this.#last = turn.then(over, over);
    return turn;
  }
}

/** Where work in a folder is done, without a look at what its project brings. */
export async function placeOf(projects: Projects, folder: string | undefined): Promise<WorkPlace> {
  if (folder === undefined) return { folder, project: null };
  const place = await projects.place(folder);
  return { folder: place, project: projects.projectOf(place) };
}

/** The last part of a path; the path itself when it has none. */
function nameOf(folder: string): string {
  return folder.split(/[/\\]/).findLast((part) => part !== '') ?? folder;
}

function troubleOf(project: string, { path, problem }: ProjectView['problems'][number], more: number) {
  const { line, column, message } = problem;
  return {
    message: `Project ${project} has a fault in ${path}, line ${line}, column ${column}: ${message}${more === 0 ? '' : ` (and ${more} more)`}.`,
    remedy: `Correct the file; all of it: signalbox projects show ${project}`,
  };
}

function notThere(folder: string) {
  const message = `There is no folder ${folder} that this user may read.`;
  return refuse('invalidInput', message, 'Give the absolute path of an existing folder.', { field: 'folder' });
}

function nothingToTrust(folder: string) {
  return refuse(
    'invalidInput',
    `${folder} has no .signalbox folder, so there is nothing to trust.`,
    'Name the folder that holds the .signalbox folder.',
    { field: 'folder' },
  );
}

function notTrusted(folder: string) {
  return refuse('notFound', `${folder} is no trusted project.`, 'List them: signalbox projects', { field: 'folder' });
}

function tooMany() {
  return refuse(
    'refused',
    `${mostProjects} projects are trusted already.`,
    'Forget one first: signalbox projects forget',
  );
}
