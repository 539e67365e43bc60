import { isSecretVariable } from '../contract/environment.ts';
import { compileSecrets } from './secrets.ts';

/** Takes secrets out of a text; each is replaced by `[redacted]`. */
export type Redactor = (text: string) => string;

/** The secret values in an environment, judged by the names of the variables. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => (isSecretVariable(name, value) ? value : []));
}

/**
 * A redactor for texts of the engine's own: events, failures, messages. Log files have their own, on bytes.
 *
 * @param patterns regular expressions of further secrets; one that cannot be used is left out, see `secrets.ts`
 */
export function createRedactor(options: {
  readonly values: readonly string[];
  readonly patterns: readonly string[];
}): Redactor {
  const secrets = compileSecrets({ ...options, encoding: 'text' });
  return (text) => secrets.redact(text);
}
