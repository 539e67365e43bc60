import type { Session, WebContents } from 'electron';
import { knownAgents } from '../engine/known-agents.ts';

/** The only pages of others that the interface leads to, word for word: what agents say of themselves. */
const outsidePages: ReadonlySet<string> = new Set(knownAgents.map(({ documentation }) => documentation));

/**
 * Keeps a page where it was loaded: it opens no windows, embeds nothing, and goes nowhere but to itself, by a reload.
 * @param address of the interface.
 * @param openOutside opens a known page in the person's own browser.
 */
export function lockDownContents(contents: WebContents, address: string, openOutside: (url: string) => void): void {
  contents.setWindowOpenHandler(({ url }) => {
    if (outsidePages.has(url)) openOutside(url);
    return { action: 'deny' };
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isSamePage(event.url, address)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Whether an address differs in its route only. */
export function isSamePage(url: string, address: string): boolean {
  return url.split('#')[0] === address;
}

/** Schemes with which a page's own tools work; they lead to no other machine. */
const localSchemes: ReadonlySet<string> = new Set(['devtools:', 'data:', 'blob:', 'chrome-extension:']);

/** What the interface may do besides: put text on the clipboard when a person copies. It can never read it. */
const grantedPermission = 'clipboard-sanitized-write';

/**
 * Grants pages nothing that they could ask of a person or a device but to copy text, and loads nothing from elsewhere,
 * whatever the page or its policy says.
 * @param origins of the interface.
 */
export function lockDownSession(session: Session, origins: readonly string[]): void {
  const isGranted = (permission: string, url: string) =>
    permission === grantedPermission && origins.includes(originOf(url));
  session.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) =>
    decide(isGranted(permission, requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    isGranted(permission, requestingOrigin),
  );
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !isOwn(url, origins) }));
  session.on('will-download', (event, item) => {
    if (!isOwn(item.getURL(), origins)) event.preventDefault();
  });
}

/** Whether an address belongs to one of these origins, or to nobody. The development server also speaks WebSocket. */
export function isOwn(url: string, origins: readonly string[]): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  if (localSchemes.has(protocol)) return true;
  return origins.includes(originOf(url)) || (protocol === 'ws:' && origins.includes(`http://${host}`));
}

/** Own schemes have no origin as the standard sees it. @returns empty for what is no address. */
function originOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
