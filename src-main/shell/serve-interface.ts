import { join } from 'node:path';
import { app, protocol } from 'electron';
import { answerInterfaceFile, interfaceOrigin, interfaceScheme } from './interface-files.ts';

/** To be called before the application is ready. */
export function registerInterfaceScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: interfaceScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built interface, from its own folder and with its own headers. */
export function serveInterface(): void {
  const folder = join(import.meta.dirname, '../renderer');
  protocol.handle(interfaceScheme, (request) => answerInterfaceFile(folder, request));
}

/** Where windows load the interface from, and what its origin is: the development server when electron-vite runs one. */
export function interfacePlace(): { readonly address: string; readonly origin: string } {
  const devServer = process.env.ELECTRON_RENDERER_URL;
  return !app.isPackaged && devServer !== undefined
    ? { address: devServer, origin: new URL(devServer).origin }
    : { address: `${interfaceOrigin}/`, origin: interfaceOrigin };
}
