import { create } from 'zustand';
import type { LinkReport, LinkState } from '../api/link.ts';

interface ConnectionState {
  readonly state: LinkState;
  /** Wall clock of the last change of state, ms. */
  readonly since: number;
  /** Why it is not connected, in words; null while it is, or when nothing is known. */
  readonly reason: string | null;
}

/** Whether this window hears the engine: only a connected window shows what is true now. */
export const useConnectionStore = create<ConnectionState>()(() => ({
  state: 'connecting',
  since: Date.now(),
  reason: null,
}));

/** Notes what the link tells. */
export function noteConnection({ state, reason }: LinkReport, now: number): void {
  useConnectionStore.setState((before) => ({
    state,
    reason,
    since: before.state === state ? before.since : now,
  }));
}
