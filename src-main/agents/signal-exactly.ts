import type { ProcessIdentity } from '../contract/task.ts';

/** Sends a signal after making sure that the PID still belongs to the process that is meant. */
export async function signalExactly(
  target: ProcessIdentity,
  signal: NodeJS.Signals,
  identify: (pid: number) => Promise<ProcessIdentity | null>,
): Promise<'sent' | 'gone' | 'refused'> {
  if ((await identify(target.pid))?.startMark !== target.startMark) {
    return 'gone';
  }
  try {
    process.kill(target.pid, signal);
    return 'sent';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? 'refused' : 'gone';
  }
}
