import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import { safetyHeaders } from '../transport/http-replies.ts';

/** The scheme and the one host of the interface: an origin of its own, which no web page has. */
export const interfaceScheme = 'app';
const interfaceHost = 'signalbox';
export const interfaceOrigin = `${interfaceScheme}://${interfaceHost}`;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/**
 * Answers a request for a file of the interface.
 * @param folder where the built interface is; nothing outside of it is ever read.
 */
export async function answerFile(folder: string, request: Pick<Request, 'method' | 'url'>): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405);
  const path = fileOf(folder, request.url);
  const type = path === null ? undefined : contentTypes[extname(path)];
  if (path === null || type === undefined) return refusal(404);
  try {
    const bytes = await readFile(path);
    const headers = { ...safetyHeaders, 'content-type': type };
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(bytes), { headers });
  } catch {
    return refusal(404);
  }
}

/** @returns null when the address is not one of the interface, or leads out of its folder. */
function fileOf(folder: string, url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { host, pathname } = new URL(url);
  const name = decodePath(pathname);
  if (host !== interfaceHost || name === null || name.includes('\0') || name.includes('\\')) return null;
  const path = resolve(folder, `.${name === '/' ? '/index.html' : name}`);
  return path.startsWith(folder + sep) ? path : null;
}

function decodePath(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: safetyHeaders });
}
