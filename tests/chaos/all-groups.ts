import type { FaultGroup } from './fault-group.ts';
import { killedEngine } from './groups/01-killed-engine.ts';
import { killedProcesses } from './groups/02-killed-processes.ts';
import { stoppedAgents } from './groups/03-stopped-agents.ts';
import { powerCut } from './groups/04-power-cut.ts';
import { failingDisk } from './groups/05-failing-disk.ts';
import { readOnly } from './groups/06-read-only.ts';
import { damagedDatabase } from './groups/07-damaged-database.ts';
import { clocks } from './groups/08-clocks.ts';
import { deepQueue } from './groups/09-deep-queue.ts';
import { longReader } from './groups/10-long-reader.ts';
import { hostileOutput } from './groups/11-hostile-output.ts';
import { disobedientAgents } from './groups/12-disobedient-agents.ts';
import { greedyAgents } from './groups/13-greedy-agents.ts';
import { paths } from './groups/14-paths.ts';
import { hostileLogs } from './groups/15-hostile-logs.ts';
import { hostileCallers } from './groups/16-hostile-callers.ts';
import { otherVersions } from './groups/17-other-versions.ts';
import { severalProcesses } from './groups/18-several-processes.ts';
import { histories } from './groups/19-histories.ts';

/** Every group of faults, in the order of the report. */
export const allGroups: readonly FaultGroup[] = [
  killedEngine,
  killedProcesses,
  stoppedAgents,
  powerCut,
  failingDisk,
  readOnly,
  damagedDatabase,
  clocks,
  deepQueue,
  longReader,
  hostileOutput,
  disobedientAgents,
  greedyAgents,
  paths,
  hostileLogs,
  hostileCallers,
  otherVersions,
  severalProcesses,
  histories,
];
