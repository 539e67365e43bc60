import type { SignalboxHost } from '../../../src-main/contract/host.ts';

declare global {
  interface Window {
    /** There in the desktop application only. */
    readonly signalboxHost: SignalboxHost;
  }
}
