import type { RealEngine } from '../../support/real-engine.ts';
import type { Held } from '../properties.ts';
import { held } from '../properties.ts';
import { lookAt } from './stored-history.ts';

/** Within this long after recovery a window is answered with what is committed, in milliseconds. */
const shownWithinMs = 2_000;

/**
 * P10: asked as a window asks, the engine answers within the bound, and with what the rows say. What a browser draws
 * of the answers is shown by the specs in `tests/e2e`.
 */
export async function answersAreCommitted(engine: RealEngine): Promise<Held> {
  const begun = performance.now();
  const { tasks } = await engine.call('listTasks', { limit: 200 });
  const status = await engine.call('getStatus', {});
  const tookMs = performance.now() - begun;
  const violations = lookAt(engine.dataFolder, (statements) =>
    tasks.flatMap(({ id, state, attempts }) => {
      const row = statements.row('SELECT state, attempts FROM tasks WHERE id = ?', id);
      if (row?.[0] === state && row[1] === attempts) return [];
      return [
        `Task ${id} is shown as ${state} after ${attempts} attempts; its row says ${row?.join(', ') ?? 'nothing'}.`,
      ];
    }),
  );
  if (tookMs > shownWithinMs) violations.push(`The answers took ${Math.round(tookMs)} ms.`);
  if (status.pid !== process.pid) violations.push(`Process ${status.pid} answers as the engine.`);
  return held('P10', tasks.length + 1, violations);
}
