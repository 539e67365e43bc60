import type { AgentProcessListener, Stop } from '../core/ports.ts';

/** Passes what happens to agents' processes on to everyone who listens. */
export class ProcessListeners implements AgentProcessListener {
  readonly #listeners = new Set<AgentProcessListener>();

  add(listener: AgentProcessListener): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  starting(...facts: Parameters<AgentProcessListener['starting']>): void {
    for (const listener of this.#listeners) listener.starting(...facts);
  }

  ready(...facts: Parameters<AgentProcessListener['ready']>): void {
    for (const listener of this.#listeners) listener.ready(...facts);
  }

  ended(...facts: Parameters<AgentProcessListener['ended']>): void {
    for (const listener of this.#listeners) listener.ended(...facts);
  }

  beat(...facts: Parameters<AgentProcessListener['beat']>): void {
    for (const listener of this.#listeners) listener.beat(...facts);
  }
}
