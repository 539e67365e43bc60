import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { AttemptRunner } from './attempt-runner.ts';
import type { CommandDesk } from './command-desk.ts';
import type { SettingsFile } from './ports.ts';
import type { Watchdog } from './watchdog.ts';

export interface EngineCommandDeps {
  readonly desk: CommandDesk;
  readonly runner: AttemptRunner;
  readonly watchdog: Watchdog;
  readonly settingsFile: SettingsFile;
  /** Something may be claimable now. */
  readonly nudge: () => void;
}

/** Freezing everything, letting it go on, and saving settings. */
export class EngineCommands {
  readonly #deps: EngineCommandDeps;

  constructor(deps: EngineCommandDeps) {
    this.#deps = deps;
  }

  /** What was saved may give work more slots, or less patience. */
  async saveSettings({
    settings,
  }: ApiParsedInput<'saveSettings'>): Promise<Result<ApiOutput<'saveSettings'>, ApiError>> {
    const saved = await this.#deps.settingsFile.save(settings);
    // Where nothing was saved the looks find nothing new.
    this.#deps.nudge();
    this.#deps.watchdog.look();
    return saved;
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
