import { EventEmitter } from 'node:events';
import { desktop } from './desktop-link.ts';
import type { PageRequest, PageResponse } from './wire.ts';
import { toOwn } from './wire.ts';

type BeforeRequest = (details: { url: string }, decide: (answer: { cancel?: boolean }) => void) => void;
type PermissionRequest = (
  contents: unknown,
  permission: string,
  decide: (isGranted: boolean) => void,
  details: { requestingUrl: string },
) => void;
type PermissionCheck = (contents: unknown, permission: string, requestingOrigin: string) => boolean;
type Serve = (request: Request) => Response | Promise<Response>;

class Session extends EventEmitter {
  #beforeRequest: BeforeRequest | null = null;
  #permissionRequest: PermissionRequest | null = null;
  #permissionCheck: PermissionCheck | null = null;
  #devicePermission: (() => boolean) | null = null;

  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest) => {
      this.#beforeRequest = listener;
    },
  };

  setPermissionRequestHandler(handler: PermissionRequest): void {
    this.#permissionRequest = handler;
  }

  setPermissionCheckHandler(handler: PermissionCheck): void {
    this.#permissionCheck = handler;
  }

  setDevicePermissionHandler(handler: () => boolean): void {
    this.#devicePermission = handler;
  }

  /** For the double: whether a request may leave the page. */
  isAllowed(url: string): Promise<boolean> {
    const before = this.#beforeRequest;
    if (before === null) return Promise.resolve(true);
    return new Promise((resolve) => before({ url }, ({ cancel }) => resolve(cancel !== true)));
  }

  /** For tests: whether a page gets a permission when it asks, when it only looks, and when it wants a device. */
  async permissions(permission: string, url: string): Promise<boolean[]> {
    const asked = await new Promise<boolean>((resolve) => {
      if (this.#permissionRequest === null) resolve(true);
      else this.#permissionRequest(null, permission, resolve, { requestingUrl: url });
    });
    return [asked, this.#permissionCheck?.(null, permission, url) ?? true, this.#devicePermission?.() ?? true];
  }
}

export const session = { defaultSession: new Session() };

const served = new Map<string, Serve>();

export const protocol = {
  registerSchemesAsPrivileged(schemes: readonly { scheme: string; privileges: object }[]): void {
    desktop.tell('record', 'privilegedSchemes', schemes);
  },
  handle(scheme: string, serve: Serve): void {
    served.set(scheme, serve);
  },
};

desktop.handle('user.permissions', (permission: string, url: string) =>
  session.defaultSession.permissions(permission, url),
);
desktop.handle('page.request', async ({ url, method, headers }: PageRequest): Promise<PageResponse | null> => {
  const own = toOwn(url);
  if (!(await session.defaultSession.isAllowed(own))) return null;
  const serve = served.get(new URL(own).protocol.slice(0, -1));
  if (serve === undefined) return null;
  // A URL of another scheme than http loses nothing by this: the product only looks at its text.
  const response = await serve(new Request(own, { method, headers }));
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
  };
});
