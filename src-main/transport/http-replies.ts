import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiError } from '../contract/errors.ts';

/** The policy of every page, also in index.html; `frame-ancestors` counts only in a header. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What every answer says to a browser. */
export const safetyHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': pagePolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const statusCodes: Readonly<Record<ApiError['type'], number>> = {
  invalidInput: 400,
  notFound: 404,
  refused: 422,
  conflict: 409,
  unavailable: 503,
  storeFailed: 500,
  internal: 500,
};

/** The HTTP status of a refusal. */
export function statusOf({ type }: ApiError): number {
  return statusCodes[type];
}

/** Refuses: a page for somebody who looks at it, JSON for everything else. */
export function sendRefusal(request: FastifyRequest, reply: FastifyReply, status: number, error: ApiError) {
  reply.code(status);
  const isPage = request.headers.accept?.includes('text/html') === true && !request.url.startsWith('/api/');
  if (!isPage) return reply.type('application/json; charset=utf-8').send(JSON.stringify({ ok: false, error }));
  const body = `<h1>Signalbox</h1>\n<p>${escapeHtml(error.message)}</p>\n<p>${escapeHtml(error.remedy)}</p>`;
  return sendPage(reply, '', body);
}

/** Leads a browser to the window by itself. */
export function sendOnward(reply: FastifyReply) {
  return sendPage(reply, '<meta http-equiv="refresh" content="0; url=/">\n', '<p><a href="/">Open Signalbox</a></p>');
}

function sendPage(reply: FastifyReply, head: string, body: string) {
  return reply.type('text/html; charset=utf-8').send(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1">
${head}<title>Signalbox</title>
${body}
</html>
`);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
