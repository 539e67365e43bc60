import { describe, expect, test } from 'vitest';
import { invalidFields } from '../../src-main/contract/invalid-input.ts';
import { projectPathSchema, projectSettingsSchema } from '../../src-main/contract/project.ts';

function faultsOf(value: unknown): readonly string[] {
  const { error } = projectSettingsSchema.safeParse(value);
  return error === undefined ? [] : invalidFields(error).map(({ field, complaint }) => `${field} ${complaint}`);
}

describe('R41 the settings of a project', () => {
  test('say nothing but what they name: what is left out is as in the settings', () => {
    expect(projectSettingsSchema.parse({})).toEqual({});
    const given = {
      $schema: './project-settings.schema.json',
      watchdog: { agents: { silentMs: 1_000 }, commands: {} },
      restart: { maxInterruptions: 2 },
      permissions: { expireAfterMs: 60_000 },
      notifications: { reasons: { finished: false } },
    };
    expect(projectSettingsSchema.parse(given)).toEqual(given);
  });

  test.each<[string, unknown, string]>([
    ['a slot, which is of the machine', { slots: { total: 1 } }, 'slots is not known'],
    ['a secret, which would show less', { redact: [] }, 'redact is not known'],
    ['another limit of crashes', { restart: { maxCrashes: 1 } }, 'restart.maxCrashes is not known'],
    ['no interruption', { restart: { maxInterruptions: 0 } }, 'restart.maxInterruptions must be at least 1'],
    [
      'to be silent about trouble',
      { notifications: { reasons: { trouble: false } } },
      'notifications.reasons.trouble is not known',
    ],
    ['quiet hours', { notifications: { quietHours: {} } }, 'notifications.quietHours is not known'],
  ])('cannot ask for %s', (_what, value, fault) => {
    expect(faultsOf(value)).toEqual([fault]);
  });

  test('are those of a folder with a name', () => {
    expect(projectPathSchema.safeParse('').success).toBe(false);
    expect(projectPathSchema.safeParse('x'.repeat(4_097)).success).toBe(false);
    expect(projectPathSchema.safeParse('/home/me/app').success).toBe(true);
  });
});
