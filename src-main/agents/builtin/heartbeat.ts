const DEFAULT_HEARTBEAT_MS = 10_000;

/** Name of the notification by which an agent shows that its event loop is alive. */
export const HEARTBEAT_METHOD = '_signalbox/heartbeat';

/** One sign of life: when it was sent (Unix time in ms) and whether a task is being worked on. */
export interface Heartbeat {
  readonly at: number;
  readonly busy: boolean;
}

/** Time between two heartbeats in ms, from `SIGNALBOX_HEARTBEAT_MS`; a value that is no positive number is ignored. */
export function heartbeatInterval(env: NodeJS.ProcessEnv): number {
  const wanted = Number(env.SIGNALBOX_HEARTBEAT_MS);
  return Number.isFinite(wanted) && wanted > 0 ? wanted : DEFAULT_HEARTBEAT_MS;
}

/**
 * Beats from a timer of its own, so that a beat tells about the process and not about the progress of its work.
 * Returns the function that ends it.
 */
export function startHeartbeat(everyMs: number, isBusy: () => boolean, send: (beat: Heartbeat) => void): () => void {
  const timer = setInterval(() => send({ at: Date.now(), busy: isBusy() }), everyMs);
  return () => clearInterval(timer);
}
