import type { SignalboxHost } from '../../src-main/contract/host.ts';
import { IpcLink } from './ipc-link.ts';
import type { Link } from './link.ts';
import { windowTimer } from './timer.ts';
import type { SocketLike } from './web-socket-link.ts';
import { WebSocketLink } from './web-socket-link.ts';

declare global {
  interface Window {
    /** Only in the desktop window, where the preload puts it. */
    readonly signalboxHost?: SignalboxHost;
  }
}

/** The desktop's host; null in a browser. */
export function desktopHost(): SignalboxHost | null {
  return window.signalboxHost ?? null;
}

/** Whether this window is on a Mac, whose keys have other names. */
export function isMacHost(): boolean {
  return desktopHost()?.platform === 'darwin' || navigator.userAgent.includes('Mac');
}

/** The link that fits where this page runs. */
export function createLink(): Link {
  const host = desktopHost();
  if (host !== null) return new IpcLink({ host, timer: windowTimer });
  return new WebSocketLink({ openSocket, isExpired, timer: windowTimer });
}

function liveUrl(protocol: string): string {
  return `${protocol}//${window.location.host}/live`;
}

function openSocket(): SocketLike {
  return new WebSocket(liveUrl(window.location.protocol === 'https:' ? 'wss:' : 'ws:'));
}

async function isExpired(): Promise<boolean> {
  try {
    const { status } = await fetch(liveUrl(window.location.protocol), { cache: 'no-store' });
    return status === 401 || status === 403;
  } catch {
    // The server itself does not answer: that is a lost connection, not an expired pass.
    return false;
  }
}
