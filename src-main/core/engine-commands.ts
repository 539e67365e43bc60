import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Actor } from '../contract/values.ts';
import type { AttemptRunner } from './attempt-runner.ts';
import type { CommandDesk } from './command-desk.ts';
import type { Clock, Logger, SettingsFile, Store } from './ports.ts';
import type { ProjectDesk } from './project-desk.ts';
import type { Watchdog } from './watchdog.ts';

export interface EngineCommandDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly desk: CommandDesk;
  readonly runner: AttemptRunner;
  readonly watchdog: Watchdog;
  readonly settingsFile: SettingsFile;
  readonly projectDesk: Pick<ProjectDesk, 'checkSettings' | 'lookAtAll'>;
  /** Something may be claimable now. */
  readonly nudge: () => void;
}

/** Freezing everything, letting it go on, and saving settings. */
export class EngineCommands {
  readonly #deps: EngineCommandDeps;

  constructor(deps: EngineCommandDeps) {
    this.#deps = deps;
    deps.settingsFile.onChange((sections, actor) => this.#settingsChanged(sections, actor));
  }

  async saveSettings({
    settings,
  }: ApiParsedInput<'saveSettings'>): Promise<Result<ApiOutput<'saveSettings'>, ApiError>> {
    const { settingsFile, projectDesk } = this.#deps;
    const allowed = projectDesk.checkSettings(settings);
    if (!allowed.ok) return this.#deps.desk.run('saveSettings', {}, () => allowed);
    const saved = await settingsFile.save(settings);
    await projectDesk.lookAtAll();
    return saved;
  }

  /** Other settings may give work more slots, or less patience. */
  async #settingsChanged(sections: readonly string[], actor: Actor): Promise<void> {
    const { store, clock, logger, nudge, watchdog } = this.#deps;
    nudge();
    watchdog.look();
    const changed = { at: clock.now(), actor, kind: 'settings.changed' as const, sections: [...sections] };
    try {
      await store.write((unit) => unit.record([changed]).length);
    } catch (error) {
      // They hold all the same: only the record of it is missing.
      logger.error('That the settings were changed could not be recorded.', { error });
    }
  }

  /** Stops everything: nothing is claimed, and live attempts are interrupted and go back to the front of the queue. */
  async freeze({ reason }: ApiParsedInput<'freeze'>): Promise<Result<ApiOutput<'freeze'>, ApiError>> {
    const result = await this.#deps.desk.run('freeze', {}, (unit, moment) => {
      if (unit.row('engine', 'engine')?.frozenAt != null) return frozenAlready();
      unit.record([{ ...moment, kind: 'engine.frozen', reason }]);
      return ok({});
    });
    if (result.ok) this.#deps.runner.stopAll({ kind: 'freeze', reason });
    return result;
  }

  /** Lets everything go on after a freeze. */
  async thaw({ reason }: ApiParsedInput<'thaw'>): Promise<Result<ApiOutput<'thaw'>, ApiError>> {
    const result = await this.#deps.desk.run('thaw', {}, (unit, moment) => {
      if (unit.row('engine', 'engine')?.frozenAt == null) return notFrozen();
      unit.record([{ ...moment, kind: 'engine.thawed', reason }]);
      return ok({});
    });
    if (result.ok) this.#deps.nudge();
    return result;
  }
}

function frozenAlready() {
  return refuse('refused', 'Everything is frozen already.', 'Let it go on with: signalbox thaw');
}

function notFrozen() {
  return refuse('refused', 'Nothing is frozen.', 'Nothing to do.');
}
