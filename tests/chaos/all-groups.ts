import type { FaultGroup } from './fault-group.ts';
import { stoppedAgents } from './groups/03-stopped-agents.ts';

/** Every group of faults, in the order of the report. */
export const allGroups: readonly FaultGroup[] = [stoppedAgents];
