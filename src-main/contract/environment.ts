import { z } from 'zod';

/** A variable with such a name holds a secret. */
const secretName = /TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY|_KEY$|^KEY$|AUTH$|COOKIE/i;
/** Names that match, but hold no secret: a socket, a folder, a switch. */
const harmlessName = /_(SOCK|PATH|FILE|DIR|URL|ENABLED)$/i;
/** A shorter value is left alone: `yes` or `1234` would tear holes into every text. */
const minSecretLength = 8;

/** Whether a variable holds a secret, judged by its name; a very short value is none. */
export function isSecretVariable(name: string, value: string): boolean {
  return value.length >= minSecretLength && secretName.test(name) && !harmlessName.test(name);
}

/** Why a secret is refused where it would be stored, and what to do instead; follows the name of the variable. */
export const storedSecretMessage =
  'must not be stored, because it looks like a secret; set it in the environment in which the engine starts instead: every agent inherits that';

/**
 * Environment variables that are stored with what they belong to. Secrets are refused: a database, its events and its
 * backups are no place for them.
 */
export const environmentSchema = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be a variable name' }),
    z.string().max(100_000, { error: 'must have at most 100,000 characters; put longer values into a file' }),
  )
  .superRefine((variables, context) => {
    for (const [name, value] of Object.entries(variables)) {
      if (isSecretVariable(name, value)) {
        context.addIssue({ code: 'custom', path: [name], message: storedSecretMessage });
      }
    }
  });
