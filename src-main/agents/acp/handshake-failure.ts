import type { AgentDefinition } from '../../contract/agent.ts';
import type { Failure } from '../../contract/errors.ts';
import type { ProcessExit } from '../agent-host.ts';
import { quoteLast } from '../exit-meaning.ts';
import { classifyError } from './classify-error.ts';
import type { RpcError } from './json-rpc-peer.ts';

/** How a handshake went wrong: no answer in time, an error, an answer that makes no sense, or the end of the process. */
export type BrokenHandshake =
  | { readonly kind: 'silent' }
  | { readonly kind: 'error'; readonly error: RpcError }
  | { readonly kind: 'unreadable'; readonly detail: string }
  | { readonly kind: 'ended'; readonly exit: ProcessExit };

const NOT_AN_AGENT = 'Check that the command of the agent starts a program that speaks the Agent Client Protocol.';

/** Why an agent did not become ready. */
export function handshakeFailure(broken: BrokenHandshake, agent: AgentDefinition): Failure {
  const category = 'handshake';
  switch (broken.kind) {
    case 'silent': {
      const message = `no handshake within ${agent.startTimeoutMs / 1_000} s: the process of agent "${agent.id}" was started, but did not answer "initialize"`;
      return {
        category,
        class: 'unknown',
        message,
        remedy: `${NOT_AN_AGENT} If it only starts slowly, raise its start time-out.`,
      };
    }
    case 'error': {
      const failure = classifyError(broken.error, null);
      return { ...failure, category, message: `the agent "${agent.id}" refused the handshake: ${failure.message}` };
    }
    case 'unreadable':
      return {
        category,
        class: 'fatal',
        message: `the handshake of agent "${agent.id}" cannot be used: ${broken.detail}`,
        remedy: NOT_AN_AGENT,
      };
    case 'ended': {
      const { code, signal, lastWords } = broken.exit;
      const how = signal === null ? `ended with exit code ${code}` : `was ended by signal ${signal}`;
      const message = `the process of agent "${agent.id}" ${how} before it answered the handshake. ${quoteLast(lastWords)}`;
      return { category, class: 'unknown', message, remedy: NOT_AN_AGENT };
    }
  }
}
