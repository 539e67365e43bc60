import type { ChildProcesses } from './child-processes.ts';
import type { TaskFacts } from './task-facts.ts';
import type { WorkReport } from './work-report.ts';

/** Everything a stage's work may touch. The work keeps no state outside it, so attempts cannot mix. */
export interface StageContext {
  /** Absolute path of the run's workspace folder. */
  readonly workspace: string;
  readonly task: TaskFacts;
  readonly report: WorkReport;
  readonly children: ChildProcesses;
  /** Aborts when the task is cancelled. */
  readonly signal: AbortSignal;
}

/** What a stage hands to the later ones; JSON values only. */
export type StageOutputs = Record<string, unknown>;

/**
 * The work of one stage. It must end with the same result when it is repeated after a kill at any moment.
 * Throws `StageFailure` for what may go wrong, and the abort reason when cancelled.
 */
export type StageWork = (context: StageContext) => Promise<StageOutputs>;

/** One agent type: its name and its work by kind, `<workflow>/<stage>`. */
export interface AgentType {
  readonly name: string;
  readonly summary: string;
  readonly work: Readonly<Record<string, StageWork>>;
}
