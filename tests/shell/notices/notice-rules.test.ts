import { describe, expect, test } from 'vitest';
import { noticeRules } from '../../../src-main/shell/notices/notice-rules.ts';
import { settingsOf } from './desk.ts';

function project(folder: string, reasons: object) {
  return { folder, settings: { notifications: { reasons } } };
}

describe('the reasons that are told', () => {
  const settings = settingsOf({ reasons: { stuck: false } });

  test('are those of the settings without a project', () => {
    const { reasonsFor, differing } = noticeRules(settings, [{ folder: '/work', settings: null }]);
    expect(reasonsFor(null)).toEqual(settings.reasons);
    expect(reasonsFor('/work/x')).toEqual(settings.reasons);
    expect([...differing]).toEqual([]);
  });

  test('are those of the project that holds the folder, as far as it says', () => {
    const { reasonsFor, differing } = noticeRules(settings, [
      project('/work', { finished: false, stuck: false }),
      project('/work/inner', { finished: true, failed: undefined }),
    ]);
    expect(reasonsFor('/work').finished).toBe(false);
    expect(reasonsFor('/work/deep/er').finished).toBe(false);
    expect(reasonsFor('/work/inner/x').finished).toBe(true);
    expect(reasonsFor('/workshop').finished).toBe(true);
    expect(reasonsFor('/elsewhere').finished).toBe(true);
    expect(reasonsFor('/work/..hidden').finished).toBe(false);
    expect(reasonsFor('/work').failed).toBe(true);
    expect(reasonsFor(null)).toEqual(settings.reasons);
    expect([...differing]).toEqual(['finished']);
  });
});
