import { findHolder, openOrchestrator } from '../open-orchestrator.ts';
import { connectSocketClient } from '../transport/socket-client.ts';
import type { ReachDependencies } from './reach-engine.ts';

/** How this process reaches the engine of a data folder: what is left to choose is who is told of what. */
export function reachFromThisProcess({
  dataFolder,
  show,
  waiting,
}: Pick<ReachDependencies, 'dataFolder' | 'show' | 'waiting'>): ReachDependencies {
  return {
    dataFolder,
    findHolder,
    open: openOrchestrator,
    connect: connectSocketClient,
    show,
    waiting,
    // Not of the engine's clock: the process must not end while it waits.
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    monotonic: () => performance.now(),
    pid: process.pid,
  };
}
