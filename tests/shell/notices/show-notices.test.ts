import { beforeEach, describe, expect, test, vi } from 'vitest';
import { noticeReasons } from '../../../src-main/contract/desktop-settings.ts';
import { createNoticeScreen } from '../../../src-main/shell/notices/show-notices.ts';
import type { PartTrouble } from '../../../src-main/shell/part-reports.ts';
import { system } from './system-notifications.ts';

vi.mock('electron', () => import('./system-notifications.ts'));

beforeEach(() => {
  Object.assign(system, { isThere: true, refusal: null, shown: [] });
});

function openScreen(platform: NodeJS.Platform = 'linux') {
  const opened: string[] = [];
  const reports: PartTrouble[] = [];
  const show = createNoticeScreen({
    platform,
    open: (route) => opened.push(route),
    report: (trouble) => reports.push(trouble),
  });
  return { show, opened, reports };
}

const notice = { reason: 'failed', title: 'Run of app failed', body: '<b>no</b> & more', route: '/runs/x' } as const;

describe('R66 notifications of the system', () => {
  test.each(noticeReasons)('a click on one that tells %s opens its thing', (reason) => {
    const { show, opened } = openScreen();
    show({ ...notice, reason, route: `/${reason}` });
    system.shown[0]?.emit('click');
    expect(opened).toEqual([`/${reason}`]);
  });

  test('what waits for a person stays until they come back', () => {
    const { show } = openScreen();
    show({ ...notice, reason: 'needsYou' });
    show(notice);
    expect(system.shown.map(({ options }) => options.timeoutType)).toEqual(['never', 'default']);
  });

  test('texts of agents are no markup on Linux', () => {
    openScreen('linux').show(notice);
    openScreen('darwin').show(notice);
    expect(system.shown.map(({ options }) => options.body)).toEqual(['‹b›no‹/b› & more', notice.body]);
  });

  test('one is taken away once, and not when the person was faster', () => {
    const { show } = openScreen();
    const [first, second] = [show(notice), show(notice)];
    first.close();
    expect(system.shown[0]?.isClosed).toBe(true);
    system.shown[1]?.emit('close');
    second.close();
    expect(system.shown[1]?.isClosed).toBe(false);
  });

  test('of very many the oldest are let go', () => {
    const { show } = openScreen();
    const first = show(notice);
    for (let count = 0; count < 100; count += 1) show(notice);
    first.close();
    expect(system.shown[0]?.isClosed).toBe(false);
  });

  test('R48 a desktop without them, or that refuses them, is reported, and when it works again', () => {
    const { show, reports } = openScreen();
    system.isThere = false;
    show(notice).close();
    system.isThere = true;
    system.refusal = 'not allowed';
    show(notice).close();
    system.refusal = null;
    show(notice);
    expect(system.shown).toHaveLength(1);
    expect(reports).toMatchObject([
      { message: expect.stringContaining('no service for notifications') },
      { message: 'The desktop refuses notifications: not allowed.' },
      null,
    ]);
  });
});
