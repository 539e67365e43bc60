import { join } from 'node:path';
import type { NotificationSettings } from '../../src-main/contract/desktop-settings.ts';
import type { Desktop } from '../support/electron-double/desktop.ts';
import { Desktop as Double } from '../support/electron-double/desktop.ts';
import { notYet, until } from '../support/until.ts';
import { cleanEnvironment } from './support/host.ts';
import { startWorkflow, waitForRun } from './support/runs.ts';
import type { App } from './support/test.ts';
import { expect, test } from './support/test.ts';
import { expectOk, submitCommand, waitForTask } from './support/work.ts';

interface Shown {
  readonly id: number;
  readonly title: string;
  readonly body: string;
}

function desktopOf({ desktop }: App): Desktop {
  if (desktop === null) throw new Error('these tests need the double');
  return desktop;
}

function shown(app: App): readonly Shown[] {
  return desktopOf(app).told('notification') as readonly Shown[];
}

function waitForNotice(app: App, title: RegExp): Promise<Shown> {
  return until(`a notification ${title}`, () => {
    return shown(app).find((one) => title.test(one.title)) ?? notYet(shown(app));
  });
}

async function setNotifications(app: App, change: Partial<NotificationSettings>): Promise<void> {
  const { settings } = expectOk(await app.api.getSettings({}));
  expectOk(
    await app.api.saveSettings({ settings: { ...settings, notifications: { ...settings.notifications, ...change } } }),
  );
}

/** Lets a command fail as often as it is tried. */
async function fail(app: App, name: string) {
  const taskId = await submitCommand(app.api, ['sh', '-c', `echo ${name} >&2; exit 3`], app.engineFolder);
  await waitForTask(app.api, taskId, 'dead');
  return taskId;
}

test('R66 a task that fails is told, and a click on it leads there', async ({ app }) => {
  const taskId = await fail(app, 'no');
  const notice = await waitForNotice(app, /dead letter|failed/);
  await app.goTo('/workflows');
  await desktopOf(app).user('notification', notice.id);
  await expect(app.page).toHaveURL(new RegExp(`#/tasks/${taskId}$`));
});

test('R66 what was told before a crash is not told again by the next start', async ({ app, startApp }) => {
  await fail(app, 'first');
  await waitForNotice(app, /dead letter|failed/);
  desktopOf(app).signal('SIGKILL');
  await desktopOf(app).ended();
  await app.end();

  const next = await startApp();
  const taskId = await submitCommand(next.api, ['true'], next.engineFolder);
  await waitForTask(next.api, taskId, 'completed');
  const notice = await waitForNotice(next, /completed/);
  expect(shown(next).map(({ title }) => title)).toEqual([notice.title]);
  await desktopOf(next).user('notification', notice.id);
  await expect(next.page).toHaveURL(new RegExp(`#/tasks/${taskId}$`));
});

test('R66 muting holds at once, without a restart', async ({ app }) => {
  await setNotifications(app, { on: false });
  await fail(app, 'unheard');
  await setNotifications(app, { on: true });
  const taskId = await submitCommand(app.api, ['true'], app.engineFolder);
  await waitForTask(app.api, taskId, 'completed');
  const notice = await waitForNotice(app, /completed/);
  expect(shown(app)).toEqual([notice]);
});

test('R48 a desktop that refuses notifications is shown as degraded once, and work goes on', async ({ app }) => {
  const desktop = desktopOf(app);
  await desktop.user('notificationService', 'refuses');
  await fail(app, 'untold');
  const seen = await until('the trouble', async () => {
    const { health } = expectOk(await app.api.getStatus({}));
    const found = health.reasons.filter(({ message }) => message.includes('refuses notifications'));
    return found.length > 0 ? found : notYet(health);
  });
  expect(seen).toHaveLength(1);
  await desktop.user('notificationService', 'shows');
  const taskId = await submitCommand(app.api, ['true'], app.engineFolder);
  await waitForTask(app.api, taskId, 'completed');
  await waitForNotice(app, /completed/);
  await until('health without it', async () => {
    const { health } = expectOk(await app.api.getStatus({}));
    return health.reasons.some(({ message }) => message.includes('notifications')) ? notYet(health) : true;
  });
});

test('who asks for updates is told where they come from', async ({ app }) => {
  const desktop = desktopOf(app);
  await desktop.user('menu', ['help', 'Check for Updates…']);
  const box = await desktop.nextBox();
  expect(box.message).toBe('This Signalbox was unpacked into a folder: put a newer version in its place.');
  box.answer('OK');
});

test('R66 a question leads to the inbox, and its notification goes when it is answered', async ({ app }) => {
  const desktop = desktopOf(app);
  const run = await startWorkflow(
    app,
    'name: release\nstages:\n  - name: ask\n    approval: Release it?\n  - name: publish\n    run: [echo, released]\n',
  );
  const notice = await waitForNotice(app, /needs your approval/);
  expect(notice).toMatchObject({ title: 'Stage ask of release needs your approval', body: 'Release it?' });
  await desktop.user('notification', notice.id);
  await expect(app.page).toHaveURL(/#\/inbox$/);
  // A second one comes while the person looks at the inbox, and is not told.
  await startWorkflow(app, 'name: other\nstages:\n  - name: ask\n    approval: And this?\n');
  await expect(app.page.getByRole('article')).toHaveCount(2);
  for (const { id } of expectOk(await app.api.listApprovals({ states: ['open'] })).approvals) {
    expectOk(await app.api.answerApproval({ approvalId: id, answer: 'approved' }));
  }
  await waitForRun(app.api, run.id, ['completed']);
  await waitForNotice(app, /completed/);
  expect(shown(app).filter(({ title }) => title.includes('approval'))).toEqual([notice]);
});

test('R66 the notification of a question that another one answers is taken away', async ({ app }) => {
  await startWorkflow(app, 'name: release\nstages:\n  - name: ask\n    approval: Release it?\n');
  const notice = await waitForNotice(app, /needs your approval/);
  const { approvals } = expectOk(await app.api.listApprovals({ states: ['open'] }));
  for (const { id } of approvals) expectOk(await app.api.answerApproval({ approvalId: id, answer: 'rejected' }));
  await until('the notification to go', () => {
    const closed = desktopOf(app).told('notificationClosed');
    return closed.includes(notice.id) ? true : notYet(closed);
  });
});

test('an application that brings its own updates says why it could not look for them', async ({
  browser,
  engineFolder,
}) => {
  const desktop = await Double.start({
    browser,
    main: join(import.meta.dirname, '../../out/main/index.js'),
    args: ['--data', engineFolder],
    env: { ...cleanEnvironment(), APPIMAGE: '/Signalbox.AppImage' },
    onPage: () => {},
  });
  try {
    const [page] = await desktop.waitForWindows(1);
    if (page === undefined) throw new Error('the application has no window');
    await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible();
    await desktop.user('menu', ['help', 'Check for Updates…']);
    const box = await desktop.nextBox();
    expect(box).toMatchObject({ type: 'error', buttons: ['OK'] });
    expect(box.message).toMatch(/^Looking for updates failed: .*path/);
    box.answer('OK');
  } finally {
    await desktop.dispose();
  }
});
