import type { AttemptState } from '../../contract/states.ts';
import type { Statements } from '../connection.ts';
import { idFrom } from './time-bounds.ts';
import type { Said, SaidEnd, SaidWhen } from './traffic.ts';

const attempts = 'SELECT run_id, stage, agent_id, state, claimed_at_ms FROM attempts';
const inSpan = 'claimed_at_ms >= ? AND claimed_at_ms < ?';
const allSql = `${attempts} WHERE id >= ? AND ${inSpan} AND run_id IS NOT NULL ORDER BY id`;
const ofRunSql = `${attempts} WHERE task_id IN (SELECT id FROM tasks WHERE run_id = ?) AND ${inSpan} ORDER BY id`;
/** The stages of a run, each with the agent that completed it, if one did. */
const stagesSql = `
SELECT name, needs, inherited, (
  SELECT agent_id FROM attempts a WHERE a.task_id = s.task_id AND a.state = 'completed' ORDER BY number DESC LIMIT 1
) FROM stages s WHERE run_id = ? ORDER BY stage_index`;
const rerunOfSql = "SELECT rerun_of ->> 'runId' FROM runs WHERE id = ?";

const ends: Readonly<Record<AttemptState, SaidEnd>> = {
  starting: 'open',
  running: 'open',
  completed: 'done',
  failed: 'failed',
  timed_out: 'failed',
  cancelled: 'abandoned',
  interrupted: 'abandoned',
};

/** Agents that took over what others had completed: once for each attempt and each agent that it took over from. */
export function* handovers(statements: Statements, { from, to, runId }: SaidWhen): Generator<Said> {
  const givers = new Givers(statements);
  const rows =
    runId === null
      ? statements.each(allSql, idFrom('attempt', from), from, to)
      : statements.each(ofRunSql, runId, from, to);
  for (const [run, stage, agentId, state, at] of rows) {
    for (const giver of givers.of(String(run), String(stage))) {
      yield {
        kind: 'handover',
        from: { kind: 'agent', name: giver },
        to: { kind: 'agent', name: String(agentId) },
        at: Number(at),
        end: ends[state as AttemptState],
      };
    }
  }
}

interface StageGivers {
  readonly needs: readonly string[];
  readonly isInherited: boolean;
  /** The agent that completed it; null: none did. */
  readonly agent: string | null;
}

/** So many runs are kept in mind: attempts of a run are near each other. */
const maxRuns = 1_000;

/** Who completed what a stage needs. */
class Givers {
  readonly #statements: Statements;
  readonly #runs = new Map<string, ReadonlyMap<string, StageGivers>>();

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** Agents whose outputs a stage takes over. Behind a stage that no agent completed (an approval), those before it. */
  of(runId: string, stage: string): ReadonlySet<string> {
    const givers = new Set<string>();
    const seen = new Set<string>();
    const look = (name: string) => {
      for (const need of this.#stagesOf(runId).get(name)?.needs ?? []) {
        if (seen.has(need)) continue;
        seen.add(need);
        const agent = this.#agentOf(runId, need);
        if (agent === null) look(need);
        else givers.add(agent);
      }
    };
    look(stage);
    return givers;
  }

  /** The outputs of an inherited stage come from the run before, or from the one before that. */
  #agentOf(runId: string, stage: string): string | null {
    const found = this.#stagesOf(runId).get(stage);
    if (found === undefined || !found.isInherited) return found?.agent ?? null;
    const earlier = this.#statements.row(rerunOfSql, runId)?.[0] ?? null;
    return earlier === null ? null : this.#agentOf(String(earlier), stage);
  }

  #stagesOf(runId: string): ReadonlyMap<string, StageGivers> {
    const known = this.#runs.get(runId);
    if (known !== undefined) return known;
    const stages = new Map<string, StageGivers>();
    for (const [name, needs, inherited, agent = null] of this.#statements.rows(stagesSql, runId)) {
      const stage = { needs: JSON.parse(String(needs)), isInherited: inherited === 1, agent: agent as string | null };
      stages.set(String(name), stage);
    }
    if (this.#runs.size >= maxRuns) this.#runs.clear();
    this.#runs.set(runId, stages);
    return stages;
  }
}
