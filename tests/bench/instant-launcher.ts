import { ok } from '../../src-main/contract/result.ts';
import type { AgentLauncher, LaunchedAttempt, LaunchObserver, LaunchRequest } from '../../src-main/core/ports.ts';

const exit = { code: 0, signal: null, stopReason: null };
const completed = Promise.resolve({ outcome: 'completed', exit, outputs: {} } as const);
const process = { pid: 1, startMark: 'none' };

/**
 * A launcher without processes, so that only the engine's own path is measured: every attempt starts and completes at
 * once, or, where claims alone are measured, stays open until it is stopped.
 */
export class InstantLauncher implements AgentLauncher {
  /** Called with every attempt that was handed over. */
  onLaunch: (request: LaunchRequest) => void = () => {};
  completes = true;

  launch(request: LaunchRequest, observer: LaunchObserver): LaunchedAttempt {
    this.onLaunch(request);
    if (this.completes) {
      observer.started(process);
      return { result: completed, stop: () => {} };
    }
    const { promise, resolve } = Promise.withResolvers<Awaited<LaunchedAttempt['result']>>();
    return { result: promise, stop: () => resolve({ outcome: 'stopped', exit: null }) };
  }

  runGateCommand() {
    return { result: Promise.resolve({ exitCode: 0, message: 'passed' }), stop: () => {} };
  }

  startAgent() {
    return Promise.resolve(ok({ version: null }));
  }

  stopAgent() {
    return Promise.resolve();
  }

  onAgentProcess() {
    return () => {};
  }

  testAgent() {
    return Promise.resolve({ passed: true, version: null, durationMs: 0, output: [], failure: null });
  }

  measureAgents() {
    return Promise.resolve(new Map());
  }

  processorTime() {
    return Promise.resolve(null);
  }

  reap() {
    return Promise.resolve({ ended: [], left: [] });
  }

  close() {
    return Promise.resolve();
  }
}
