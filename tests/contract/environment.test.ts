import { describe, expect, it } from 'vitest';
import { environmentSchema, isSecretVariable } from '../../src-main/contract/environment.ts';

describe('R46 environment variables that are stored', () => {
  it('are taken when they are no secrets', () => {
    const env = { LANG: 'C', SSH_AUTH_SOCK: '/run/agent.sock', PRIVATE_KEY_PATH: '/keys/id', SHORT_TOKEN: 'yes' };
    expect(environmentSchema.parse(env)).toEqual(env);
  });

  it.each(['API_TOKEN', 'client_secret', 'DB_PASSWORD', 'OPENAI_API_KEY', 'KEY'])(
    'are refused when named %s',
    (name) => {
      const refused = environmentSchema.safeParse({ [name]: 'orchard-gate-5520' });
      expect(refused.error?.issues).toMatchObject([
        { path: [name], message: expect.stringContaining('must not be stored') },
      ]);
      expect(isSecretVariable(name, 'orchard-gate-5520')).toBe(true);
    },
  );

  it('are refused with the name of the variable that is malformed or too long', () => {
    expect(environmentSchema.safeParse({ 'A B': 'x' }).success).toBe(false);
    expect(environmentSchema.safeParse({ LONG: 'x'.repeat(100_001) }).error?.issues[0]?.path).toEqual(['LONG']);
  });
});
