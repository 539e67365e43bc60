/** What the process under test and the desktop that a test holds tell each other. */

/** A window as it is created. */
export interface WindowFacts {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  /** The text of the preload script. */
  readonly preload: string;
}

/** A message of a page to the main process. */
export interface PageMessage {
  readonly windowId: number;
  readonly kind: 'invoke' | 'send';
  readonly channel: string;
  readonly values: unknown[];
  readonly origin: string;
  readonly isMainFrame: boolean;
}

/** A request of a page, and what the main process makes of it; null: cancelled, or nobody serves it. */
export interface PageRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
}
export interface PageResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** A message box, or an error box (which has no buttons). */
export interface BoxFacts {
  readonly type: string;
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/** An item of a menu, without what cannot cross. */
export interface MenuFacts {
  readonly label: string;
  readonly role: string | null;
  readonly accelerator: string | null;
  readonly items: readonly MenuFacts[];
}

/** What a window is like now, as the main process believes it to be. */
export interface WindowView {
  readonly id: number;
  readonly bounds: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly isVisible: boolean;
  readonly isFocused: boolean;
  readonly isMaximized: boolean;
  readonly isMinimized: boolean;
}

/** The origin of the application's own scheme, and the one that stands for it: Chromium takes no other scheme. */
const ownOrigin = 'app://signalbox';
const standInOrigin = 'https://signalbox.test';

/** An address as the main process writes it, as the browser needs it. */
export function toStandIn(url: string): string {
  return url.startsWith(ownOrigin) ? standInOrigin + url.slice(ownOrigin.length) : url;
}

/** An address of the browser, as the main process expects it. */
export function toOwn(url: string): string {
  return url.startsWith(standInOrigin) ? ownOrigin + url.slice(standInOrigin.length) : url;
}
