import { Readable } from 'node:stream';
import { openDownload } from '../transport/downloads.ts';
import { safetyHeaders, statusOf } from '../transport/http-replies.ts';
import type { ServedApi } from '../transport/serve-api.ts';
import { interfaceOrigin } from './interface-files.ts';

const prefix = `${interfaceOrigin}/download/`;

/** Answers a request for a download. @returns null when it is for something else. */
export async function answerDownload(
  served: ServedApi,
  { method, url }: Pick<Request, 'method' | 'url'>,
): Promise<Response | null> {
  if (method !== 'GET' || !url.startsWith(prefix)) return null;
  const opened = await openDownload(served, url.slice(interfaceOrigin.length));
  if (!opened.ok) return Response.json({ ok: false, error: opened.error }, answerOf(statusOf(opened.error), {}));
  const { fileName, contentType, size, stream } = opened.value;
  const headers = {
    'content-type': contentType,
    'content-disposition': `attachment; filename="${fileName}"`,
    ...(size === null ? {} : { 'content-length': String(size) }),
  };
  return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, answerOf(200, headers));
}

function answerOf(status: number, headers: Readonly<Record<string, string>>): ResponseInit {
  return { status, headers: { ...safetyHeaders, ...headers } };
}
