import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err } from '../contract/result.ts';
import type { Clock, Store, StoreUnit } from './ports.ts';
import { StoreFailure } from './ports.ts';
import type { Moment, RefusalSubject } from './refusals.ts';
import { commandRefused } from './refusals.ts';

/**
 * Where commands of persons are carried out: one unit of work each, a refusal recorded, a store that failed told in
 * words. While the desk is closed (the engine is quitting) nothing is taken in.
 */
export class CommandDesk {
  readonly #store: Store;
  readonly #clock: Clock;
  #open = true;

  constructor(deps: { store: Store; clock: Clock }) {
    this.#store = deps.store;
    this.#clock = deps.clock;
  }

  /** Refuses every later command. */
  close(): void {
    this.#open = false;
  }

  /**
   * Carries out one command.
   * @param name the contract's name of it, for the record of a refusal.
   * @param work decides and records inside the unit; an error it returns changes nothing but that record.
   */
  async run<T>(
    name: string,
    subject: RefusalSubject,
    work: (unit: StoreUnit, moment: Moment) => Result<T, ApiError>,
  ): Promise<Result<T, ApiError>> {
    if (!this.#open) {
      return refuse('unavailable', 'The engine is stopping and takes nothing new.', 'Try again once it has started.');
    }
    const moment: Moment = { at: this.#clock.now(), actor: 'person' };
    try {
      return await this.#store.write((unit): Result<T, ApiError> => {
        const result = work(unit, moment);
        if (!result.ok && result.error.type === 'refused') {
          unit.record([commandRefused(moment, name, result.error, subject)]);
        }
        return result;
      });
    } catch (error) {
      if (error instanceof StoreFailure) return err(error.apiError);
      throw error;
    }
  }
}

/** The command that lists what an id may name. An attempt is found by its task. */
const listOf = {
  run: 'runs',
  task: 'tasks',
  attempt: 'tasks',
  approval: 'approvals',
  permission: 'approvals',
  rule: 'rules',
  agent: 'agents',
  schedule: 'schedules',
} as const;

/** The answer for an id that names nothing. */
export function notFound(noun: keyof typeof listOf, id: string) {
  const remedy = `List what there is: signalbox ${listOf[noun]}`;
  return refuse('notFound', `There is no ${noun} ${id}.`, remedy, { field: `${noun}Id` });
}
