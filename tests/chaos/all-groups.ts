import type { FaultGroup } from './fault-group.ts';
import { killedEngine } from './groups/01-killed-engine.ts';
import { killedProcesses } from './groups/02-killed-processes.ts';
import { stoppedAgents } from './groups/03-stopped-agents.ts';
import { otherVersions } from './groups/17-other-versions.ts';
import { severalProcesses } from './groups/18-several-processes.ts';

/** Every group of faults, in the order of the report. */
export const allGroups: readonly FaultGroup[] = [
  killedEngine,
  killedProcesses,
  stoppedAgents,
  otherVersions,
  severalProcesses,
];
