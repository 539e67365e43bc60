import type { Failure } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err } from '../contract/result.ts';
import type { Clock, Logger } from '../core/ports.ts';
import type { AgentHost } from './agent-host.ts';

const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 5_000;
/** So many starts in a row without a host that lasted, and the keeper gives up. */
const MAX_STARTS = 6;
/** A host that lived this long had started well. */
const LASTED_MS = 60_000;

export interface HostKeeperParts {
  readonly start: () => Promise<Result<AgentHost, Failure>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Keeps one agent host alive: starts it, and when it dies starts another, which first ends what the dead one left
 * behind. Between two tries it waits longer and longer; in the end it gives up, and says so to whoever asks.
 */
export class HostKeeper {
  readonly #parts: HostKeeperParts;
  #current: Promise<Result<AgentHost, Failure>>;
  #starts = 0;
  readonly #closing = Promise.withResolvers<void>();
  #isClosing = false;

  constructor(parts: HostKeeperParts) {
    this.#parts = parts;
    this.#current = Promise.resolve(err(noHost('It was not started yet')));
  }

  /** Starts the first host. */
  start(): Promise<Result<AgentHost, Failure>> {
    this.#current = this.#parts.start().then((started) => this.#watch(started));
    return this.#current;
  }

  /** The host of now, or the next one when the last was lost. Never rejects. */
  host(): Promise<Result<AgentHost, Failure>> {
    return this.#current;
  }

  /** Resolves when another host has ended what this one, which has just died, left behind; or when there will be none. */
  async recoveredFrom(host: AgentHost): Promise<void> {
    await Promise.race([host.lost, this.#closing.promise]);
    await this.#current;
  }

  /** Ends the host and everything it runs. No other is started. */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    this.#closing.resolve();
    const host = await this.#current;
    if (host.ok) await host.value.close(graceMs);
    this.#current = Promise.resolve(err(noHost('It was closed')));
  }

  #watch(started: Result<AgentHost, Failure>): Result<AgentHost, Failure> {
    if (!started.ok) return started;
    const { clock, logger } = this.#parts;
    const startedAt = clock.monotonic();
    void started.value.lost.then((reason) => {
      if (this.#isClosing) return;
      logger.error('The agent host ended', { reason });
      if (clock.monotonic() - startedAt >= LASTED_MS) this.#starts = 0;
      this.#current = this.#startAgain();
    });
    return started;
  }

  async #startAgain(): Promise<Result<AgentHost, Failure>> {
    let last = noHost('It ended');
    while (this.#starts < MAX_STARTS) {
      await this.#wait(Math.min(FIRST_DELAY_MS * 2 ** this.#starts, MAX_DELAY_MS));
      this.#starts += 1;
      if (this.#isClosing) return err(noHost('It was closed'));
      const started = await this.#parts.start();
      if (started.ok) {
        await this.#reap(started.value);
        return this.#watch(started);
      }
      last = started.error;
      this.#parts.logger.warn('The agent host could not be started', { reason: last.message });
    }
    return err(noHost(`It ended ${MAX_STARTS} times in a row. Last: ${last.message}`));
  }

  async #reap(host: AgentHost): Promise<void> {
    const { ended, left } = await host.reap([]);
    for (const { process, reason } of left) {
      this.#parts.logger.warn('A process of the lost agent host could not be ended', { pid: process.pid, reason });
    }
    this.#parts.logger.info('The agent host was started again', { ended: ended.length });
  }

  #wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.#parts.clock.after(ms, resolve);
    return Promise.race([promise, this.#closing.promise]).finally(stop);
  }
}

function noHost(why: string): Failure {
  return {
    category: 'engine',
    class: 'transient',
    message: `There is no agent host. ${why}.`,
    remedy: 'Restart Signalbox; its log says why the host ended.',
  };
}
