import type { FaultGroup } from './fault-group.ts';
import { killedEngine } from './groups/01-killed-engine.ts';
import { killedProcesses } from './groups/02-killed-processes.ts';
import { stoppedAgents } from './groups/03-stopped-agents.ts';
import { powerCut } from './groups/04-power-cut.ts';
import { hostileOutput } from './groups/11-hostile-output.ts';
import { disobedientAgents } from './groups/12-disobedient-agents.ts';
import { greedyAgents } from './groups/13-greedy-agents.ts';
import { otherVersions } from './groups/17-other-versions.ts';
import { severalProcesses } from './groups/18-several-processes.ts';
import { histories } from './groups/19-histories.ts';

/** Every group of faults, in the order of the report. */
export const allGroups: readonly FaultGroup[] = [
  killedEngine,
  killedProcesses,
  stoppedAgents,
  powerCut,
  hostileOutput,
  disobedientAgents,
  greedyAgents,
  otherVersions,
  severalProcesses,
  histories,
];
