import type { Agent } from '../contract/agent.ts';
import { agentSchema } from '../contract/agent.ts';
import { decodeChecked } from './checked-row.ts';
import type { SqlValue, Statements } from './connection.ts';
import { RowTable } from './row-table.ts';

const table = new RowTable<Agent>({
  table: 'agents',
  key: 'id',
  columns: {
    id: ['id', 'plain'],
    definition: ['definition', 'json'],
    state: ['state', 'plain'],
    reason: ['reason', 'plain'],
    version: ['version', 'plain'],
    processes: ['processes', 'json'],
    startsOnDemand: ['starts_on_demand', 'flag'],
    crashesInRow: ['crashes_in_row', 'plain'],
    restarts: ['restarts', 'plain'],
    restartAt: ['restart_at_ms', 'plain'],
    registeredAt: ['registered_at_ms', 'plain'],
    stateSince: ['state_since_ms', 'plain'],
  },
});

const selectSql = `SELECT ${table.selection()} FROM agents`;
const loadSql = `${selectSql} WHERE id = ?`;
const allSql = `${selectSql} ORDER BY id`;
const deleteSql = 'DELETE FROM agents WHERE id = ?';

/** The agents as they were last read, with the columns they were made of: there are few, and they are read often. */
const lastRead = new Map<SqlValue, { readonly columns: readonly SqlValue[]; readonly agent: Agent }>();
const maxKept = 256;

function decodeAgent(columns: readonly SqlValue[]): Agent {
  const id = columns[0] ?? null;
  const last = lastRead.get(id);
  if (last?.columns.every((value, index) => value === columns[index])) return last.agent;
  const agent = decodeChecked(agentSchema, `agent ${id}`, table.decode(columns));
  if (lastRead.size >= maxKept) lastRead.clear();
  lastRead.set(id, { columns, agent });
  return agent;
}

/** An agent by its id; null when there is none. */
export function loadAgent(statements: Statements, id: string): Agent | null {
  const columns = statements.row(loadSql, id);
  return columns === undefined ? null : decodeAgent(columns);
}

/** All agents, by id. */
export function readAgents(statements: Statements): readonly Agent[] {
  return statements.rows(allSql).map(decodeAgent);
}

/** Stores a new agent, writes what changed of it, or removes it. */
export function saveAgent(statements: Statements, before: Agent | null, after: Agent | null): void {
  if (after === null) {
    if (before !== null) statements.run(deleteSql, before.id);
  } else if (before === null) table.insert(statements, after);
  else table.update(statements, before, after);
}
