import { join } from 'node:path';
import { app, protocol } from 'electron';
import type { ServedApi } from '../transport/serve-api.ts';
import { answerDownload } from './interface-downloads.ts';
import { answerFile, interfaceOrigin, interfaceScheme } from './interface-files.ts';

/** To be called before the application is ready. */
export function registerInterfaceScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: interfaceScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

/** Serves the built interface, from its own folder and with its own headers, and what its download links name. */
export function serveInterface(served: ServedApi): void {
  const folder = join(import.meta.dirname, '../renderer');
  protocol.handle(
    interfaceScheme,
    async (request) => (await answerDownload(served, request)) ?? answerFile(folder, request),
  );
}

/** Where windows load the interface from, and what its origin is: the development server when electron-vite runs one. */
export function interfacePlace(): { readonly address: string; readonly origin: string } {
  const devServer = process.env.ELECTRON_RENDERER_URL;
  return !app.isPackaged && devServer !== undefined
    ? { address: new URL(devServer).href, origin: new URL(devServer).origin }
    : { address: `${interfaceOrigin}/`, origin: interfaceOrigin };
}
