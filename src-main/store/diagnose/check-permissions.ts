import { loadPermission } from '../permission-table.ts';
import { isBeingForgotten } from '../prune/forgotten.ts';
import type { Check } from './check.ts';
import { faulty, healthy } from './check.ts';
import { compareRows, eventsOf, foldRows } from './check-runs.ts';

const orphansSql = `
SELECT count(*) FROM permissions p JOIN attempts a ON a.id = p.attempt_id
WHERE p.state = 'open' AND a.ended_at_ms IS NOT NULL`;

/** Every permission is what its task's events give, and none is open whose attempt has ended. */
export const permissionCheck: Check = {
  name: 'permissions',
  look: (reader) => {
    const { statements } = reader;
    const { fault, count } = reader.eachId('permissions', (id) => {
      const { taskId, runId } = loadPermission(statements, id) ?? {};
      if (taskId === undefined || isBeingForgotten(statements, { runId, taskId })) return null;
      const folded = foldRows(eventsOf(statements, { taskId }), ['permission']);
      const own = new Map([...folded].filter(([, row]) => row.id === id));
      return compareRows(own, { kind: 'permission', id }, (_, rowId) => loadPermission(statements, rowId));
    });
    if (fault !== null) return faulty(fault);
    const orphans = reader.inOneState(() => statements.number(orphansSql));
    if (orphans > 0) return faulty(`${orphans} permissions are open although their attempts have ended.`);
    return healthy(`${count} permissions are what their events give.`);
  },
};
