import { z } from 'zod';
import type { ErrorClass, Failure } from '../../contract/errors.ts';
import { errorClasses } from '../../contract/errors.ts';
import type { QuotaSign } from '../quota-signs.ts';
import { findQuota, quotaFailure } from '../quota-signs.ts';
import type { RpcError } from './json-rpc-peer.ts';

const AUTH_REQUIRED = -32000;
/** JSON-RPC's own range for "your message was wrong". */
const PROTOCOL_CODES = [-32700, -32600, -32601, -32602];
/** HTTP's codes, which some agents use as their own. */
const AUTH_STATUS = [401, 403];
/** Too many requests, and overloaded. */
const QUOTA_STATUS = [429, 529];
const TRANSIENT_STATUS = [408, 425, 429, 500, 502, 503, 504, 529];

const MAX_MESSAGE = 2_000;
const MAX_SEARCHED = 8_000;

/** Agents have no common shape for these; each alternative was seen in one of them, or is the system's own word. */
const TRANSIENT =
  /rate[ _-]?limit|quota|usage[ _-]?limit|too many requests|overload|at capacity|temporar(?:y|ily)|try again|timed? ?out|timeout|econn(?:reset|refused|aborted)|enotfound|eai_again|etimedout|enetunreach|network|socket hang up|fetch failed|connection (?:error|lost|closed|reset)|service unavailable|bad gateway|\b(?:429|502|503|504|529)\b/i;
const AUTH =
  /auth(?:entication|orization)?[ _-]?(?:is )?required|not (?:logged|signed) in|(?:log|sign) ?in (?:required|first|to)|please (?:log|sign) ?in|unauthori[sz]ed|unauthenticated|(?:invalid|missing|no) (?:api[ _-]?key|credential)|api[ _-]?key (?:is )?(?:missing|invalid|not )|\b401\b/i;

const optionalText = z.string().min(1).optional().catch(undefined);
/** What Signalbox's own agents add to an error. */
const factsSchema = z.object({
  signalbox: z.object({ class: z.enum(errorClasses).optional().catch(undefined), remedy: optionalText }),
});

const SIGN_IN =
  'Sign in once by running the agent in a terminal, or give its key as an environment variable of the agent; then retry.';

/**
 * The failure that an agent's error stands for: its class by the agent's own word, else by code, data and text together.
 * @param now wall clock, ms, for when a used-up quota comes back; null: it is not asked whether one is used up.
 */
export function classifyError(error: RpcError, now: number | null): Failure {
  const message = error.message.trim().slice(0, MAX_MESSAGE) || `The agent answered with error ${error.code}`;
  const own = factsSchema.safeParse(error.data).data?.signalbox;
  const spent = now === null || own?.class === 'fatal' ? null : spentQuota(error, now);
  if (spent !== null) return quotaFailure(message, spent);
  if (own?.class !== undefined) {
    return {
      category: 'agent',
      class: own.class,
      message,
      ...(own.remedy === undefined ? {} : { remedy: own.remedy }),
    };
  }
  const guessed = guessClass(error);
  if (guessed === 'auth') return { category: 'agent', class: 'fatal', message, remedy: SIGN_IN };
  const category = PROTOCOL_CODES.includes(error.code) ? 'protocol' : 'agent';
  return { category, class: guessed, message };
}

function spentQuota({ code, message, data }: RpcError, now: number): QuotaSign | null {
  const sign = findQuota(`${textOf(data)}\n${message}`, now);
  return sign === null && QUOTA_STATUS.includes(code) ? { retryAt: null } : sign;
}

/** Limits come first: a sentence about a spent quota often asks to sign in to another plan. */
function guessClass({ code, message, data }: RpcError): ErrorClass | 'auth' {
  const text = `${message}\n${textOf(data)}`.slice(0, MAX_SEARCHED);
  if (AUTH_STATUS.includes(code)) return 'auth';
  if (TRANSIENT_STATUS.includes(code) || TRANSIENT.test(text)) return 'transient';
  return code === AUTH_REQUIRED || AUTH.test(text) ? 'auth' : 'unknown';
}

function textOf(data: unknown): string {
  if (typeof data === 'string') return data;
  return data === undefined || data === null ? '' : JSON.stringify(data);
}
