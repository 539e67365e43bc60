import type { RunSummary } from '../../../src-main/contract/api-runs.ts';
import type { DesktopView, EngineStatus } from '../../../src-main/shell/desktop-status.ts';
import { runRow } from '../../support/samples.ts';

/** What an engine says of itself when nothing is going on; counts as a test wants them. */
export function engineStatus(change: Partial<EngineStatus> = {}): EngineStatus {
  return {
    version: '0.0.0',
    pid: 1,
    dataFolder: '/data',
    startedAt: 0,
    lastSeq: 1,
    frozen: null,
    slots: { used: 0, total: 16 },
    runs: { queued: 0, running: 0, paused: 0, waiting: 0, completed: 0, failed: 0, cancelled: 0 },
    tasks: { blocked: 0, queued: 0, claimed: 0, running: 0, completed: 0, failed: 0, cancelled: 0, dead: 0 },
    agents: { stopped: 0, starting: 0, idle: 0, busy: 0, draining: 0, unhealthy: 0, crashed: 0, disabled: 0 },
    questions: { approvals: 0, permissions: 0 },
    failedToday: 0,
    health: { state: 'healthy', reasons: [] },
    database: { path: '/data/db', bytes: 0, walBytes: 0 },
    resumedRuns: [],
    reapedProcesses: 0,
    ...change,
  };
}

export function desktopView(change: Partial<DesktopView> = {}): DesktopView {
  return { isLost: false, status: engineStatus(), runs: [], questions: [], failed: 0, ...change };
}

export function runSummary(change: Partial<RunSummary> = {}): RunSummary {
  const { stages: _stages, inputs: _inputs, ...row } = runRow();
  return { ...row, currentStages: [], agents: [], ...change };
}
