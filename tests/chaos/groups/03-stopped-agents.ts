import type { FaultGroup } from '../fault-group.ts';

/** Agents that are stopped in the middle of their work, and go on after it was taken from them. */
export const stoppedAgents: FaultGroup = {
  number: 3,
  title: 'An agent that is stopped beyond its lease',
  faults: [
    'SIGSTOP to an agent until its lease is over and its task was given away; then SIGCONT. Its late completion is refused and recorded, and the task is completed once.',
  ],
  run: async (context) => {
    context.notRun('SIGSTOP, then SIGCONT', 'it is being written');
  },
};
