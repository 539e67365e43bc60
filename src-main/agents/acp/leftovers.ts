import type { ProcessIdentity } from '../../contract/task.ts';
import type { Marker } from '../agent-host.ts';
import type { ProcessTable } from '../process-table.ts';

/**
 * What a persistent process has started and not ended. An agent's own helpers, which were there when it became
 * ready, belong to it; what appears later belongs to an attempt, and must not outlive it.
 */
export class Leftovers {
  readonly #find: () => Promise<string[]>;
  #own: ReadonlySet<string> = new Set();

  constructor(table: ProcessTable, process: ProcessIdentity, marker: Marker) {
    const { pid } = process;
    this.#find = async () => {
      const found = await table.find({ groups: [pid], roots: [pid], markers: [marker] });
      return found.filter((other) => other.pid !== pid).map((other) => `${other.pid} ${other.startMark}`);
    };
  }

  /** Takes what there is now as the agent's own. */
  async rememberOwn(): Promise<void> {
    this.#own = new Set(await this.#find());
  }

  /** Whether there is anything besides the agent's own. */
  async exist(): Promise<boolean> {
    return (await this.#find()).some((process) => !this.#own.has(process));
  }
}
