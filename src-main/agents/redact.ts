import { compileSecrets } from './secrets.ts';

/** Takes secrets out of a text; each is replaced by `[redacted]`. */
export type Redactor = (text: string) => string;

/** A variable with such a name holds a secret. */
const secretName = /TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY|_KEY$|^KEY$|AUTH$|COOKIE/i;
/** Names that match, but hold no secret: a socket, a folder, a switch. */
const harmlessName = /_(SOCK|PATH|FILE|DIR|URL|ENABLED)$/i;
/** A shorter value is left alone: `yes` or `1234` would tear holes into every text. */
const minSecretLength = 8;

/** The secret values in an environment, judged by the names of the variables. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env)
    .filter(([name]) => secretName.test(name) && !harmlessName.test(name))
    .map(([, value]) => value ?? '')
    .filter((value) => value.length >= minSecretLength);
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
