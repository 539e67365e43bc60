import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Desktop } from '../support/electron-double/desktop.ts';
import { isAlive } from '../support/process-census.ts';
import { until } from '../support/until.ts';
import { startDoubleHost } from './support/hosts/double-host.ts';
import type { App, Bridged } from './support/test.ts';
import { expect, test } from './support/test.ts';
import { expectOk, submitCommand, waitForTask } from './support/work.ts';

/** As a second start gives its words to the first. */
const runId = 'run_01m1a2b3c4d5e6f7g8h9jkmnpq';

function desktopOf({ desktop }: App): Desktop {
  if (desktop === null) throw new Error('these tests need the double');
  return desktop;
}

/** Starts a command that only ends when it is ended. */
async function startLongTask(app: App) {
  const taskId = await submitCommand(app.api, ['sleep', '600'], app.engineFolder);
  await waitForTask(app.api, taskId, 'running');
  return taskId;
}

test('the first window is shown, sandboxed and isolated, with a menu', async ({ app }) => {
  const desktop = desktopOf(app);
  const [window] = await desktop.windows();
  expect(window).toMatchObject({ isVisible: true, bounds: { width: 1280, height: 800 } });
  expect(await desktop.user('preferences', window?.id)).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
  const menus = desktop.told('menu').at(-1) as { label: string }[];
  expect(menus.map(({ label }) => label)).toEqual(['File', 'editMenu', 'View', 'windowMenu', 'help']);
  const own = 'app://signalbox/';
  for (const permission of ['media', 'notifications', 'clipboard-read', 'openExternal']) {
    expect(await desktop.user('permissions', permission, own), permission).toEqual([false, false, false]);
  }
  const copying = 'clipboard-sanitized-write';
  expect(await desktop.user('permissions', copying, own)).toEqual([true, true, false]);
  expect(await desktop.user('permissions', copying, 'https://elsewhere.invalid/')).toEqual([false, false, false]);
});

test('a second start leads to the window of the first, and its link to the view', async ({ app, browser }) => {
  const desktop = desktopOf(app);
  const [window] = await desktop.windows();
  await desktop.user('minimize', window?.id);
  const options = { browser, dataFolder: app.engineFolder, args: [`signalbox://run/${runId}`], onPage: () => {} };
  await expect(startDoubleHost(options)).rejects.toThrow('the application ended');
  await expect(app.page).toHaveURL(new RegExp(`#/runs/${runId}$`));
  const windows = await desktop.windows();
  expect(windows).toHaveLength(1);
  expect(windows[0]).toMatchObject({ isMinimized: false, isFocused: true });
});

test('a link leads to its view, and one that is not ours leads nowhere', async ({ app }) => {
  const desktop = desktopOf(app);
  await desktop.user('openUrl', 'signalbox://inbox');
  await expect(app.page).toHaveURL(/#\/inbox$/);
  for (const link of [
    'signalbox://run/../../x',
    'signalbox://evil',
    'https://attacker.invalid/',
    'signalbox://run/<b>',
  ]) {
    await desktop.user('openUrl', link);
  }
  await desktop.user('openUrl', 'signalbox://workflow/app');
  await expect(app.page).toHaveURL(/#\/workflows\/app$/);
  await desktop.user('openUrl', 'signalbox://agents');
  await expect(app.page).toHaveURL(/#\/agents$/);
});

test('a start with a link opens its view', async ({ startApp }) => {
  const app = await startApp({ args: ['signalbox://queue'] });
  await expect(app.page).toHaveURL(/#\/queue$/);
});

test('a page that dies is loaded again, and work goes on', async ({ app }) => {
  const desktop = desktopOf(app);
  const taskId = await startLongTask(app);
  await desktop.crash(app.page);
  await desktop.waitForWindows(1);
  await expect
    .poll(() => app.page.evaluate(() => (window as unknown as Bridged).signalboxHost.call('getStatus', {})))
    .toMatchObject({ ok: true });
  const { task, attempts } = expectOk(await app.api.getTask({ taskId }));
  expect([task.state, attempts.length]).toEqual(['running', 1]);
});

test('a page that dies again and again is not loaded for ever: a person is asked', async ({ app }) => {
  const desktop = desktopOf(app);
  for (let deaths = 0; deaths < 3; deaths += 1) {
    await desktop.crash(app.page);
    await desktop.waitForWindows(1);
  }
  await desktop.crash(app.page);
  const box = await desktop.nextBox();
  expect(box.detail).toContain('Reason: crashed');
  expect(desktop.pages).toEqual([]);
  box.answer('Load again');
  await desktop.waitForWindows(1);
});

test('a page that hangs is only loaded again when the person says so', async ({ app }) => {
  const desktop = desktopOf(app);
  const [window] = await desktop.windows();
  await desktop.user('hang', window?.id, true);
  expect(await desktop.nextBox()).toMatchObject({ message: 'The window does not respond.' });
  await desktop.user('hang', window?.id, false);
  await desktop.user('hang', window?.id, true);
  const dead = app.page;
  (await desktop.nextBox()).answer('Load again');
  await expect.poll(() => desktop.pages.length === 1 && desktop.pages[0] !== dead).toBe(true);
});

test('R70 quitting without live work asks nothing', async ({ app }) => {
  const desktop = desktopOf(app);
  await desktop.user('menu', ['File', 'quit']);
  expect(await desktop.ended()).toBe(0);
});

test('R70 quitting with live work asks; parked work goes on at the next start', async ({ app, startApp }) => {
  const desktop = desktopOf(app);
  const marker = join(app.engineFolder, 'second-try');
  // The first try hangs until it is interrupted; the second finds that there was a first.
  const script = `if [ -e ${marker} ]; then exit 0; fi; touch ${marker}; exec sleep 600`;
  const taskId = await submitCommand(app.api, ['sh', '-c', script], app.engineFolder);
  await until('the first try', () => (existsSync(marker) ? true : undefined));

  await desktop.user('quit');
  (await desktop.nextBox()).answer('Do not quit');
  await desktop.user('quit');
  const box = await desktop.nextBox();
  expect(box.buttons).toEqual(['Wait', 'Park', 'Stop', 'Do not quit']);
  expect(expectOk(await app.api.getTask({ taskId })).task.state).toBe('running');
  box.answer('Park');
  expect(await desktop.ended()).toBe(0);
  await app.end();

  const next = await startApp();
  await waitForTask(next.api, taskId, 'completed');
  const { attempts } = expectOk(await next.api.getTask({ taskId }));
  expect(attempts.map(({ state }) => state).sort()).toEqual(['completed', 'interrupted']);
});

test('R70 waiting lets live work end, and then quits', async ({ app, startApp }) => {
  const desktop = desktopOf(app);
  const signal = join(app.engineFolder, 'may-end');
  const script = `until [ -e ${signal} ]; do sleep 0.05; done`;
  const taskId = await submitCommand(app.api, ['sh', '-c', script], app.engineFolder);
  await waitForTask(app.api, taskId, 'running');
  await desktop.user('quit');
  (await desktop.nextBox()).answer('Wait');
  // The window stays, and shows what is waited for.
  expect(desktop.pages).toHaveLength(1);
  expect(isAlive(app.pid)).toBe(true);
  writeFileSync(signal, '');
  expect(await desktop.ended()).toBe(0);
  await app.end();
  const next = await startApp();
  await waitForTask(next.api, taskId, 'completed');
});

test('R70 who asks to quit again waits no longer', async ({ app, startApp }) => {
  const desktop = desktopOf(app);
  const taskId = await startLongTask(app);
  await desktop.user('quit');
  (await desktop.nextBox()).answer('Wait');
  await desktop.user('quit');
  expect(await desktop.ended()).toBe(0);
  await app.end();
  const next = await startApp();
  await waitForTask(next.api, taskId, 'running');
  expectOk(await next.api.cancelTask({ taskId, reason: 'the test is over' }));
});

test('R70 stopping cancels what has not ended', async ({ app, startApp }) => {
  const desktop = desktopOf(app);
  const taskId = await startLongTask(app);
  await desktop.user('quit');
  (await desktop.nextBox()).answer('Stop');
  expect(await desktop.ended()).toBe(0);
  await app.end();
  const next = await startApp();
  await waitForTask(next.api, taskId, 'cancelled');
});

test('R70 the system ends it without a question, and work is parked', async ({ app, startApp }) => {
  const taskId = await startLongTask(app);
  const desktop = desktopOf(app);
  desktop.signal('SIGTERM');
  expect(await desktop.ended()).toBe(0);
  await app.end();
  const next = await startApp();
  await waitForTask(next.api, taskId, 'running');
  expectOk(await next.api.cancelTask({ taskId, reason: 'the test is over' }));
});

test('R70 the end of the session is said to every window, and parks work once', async ({ app, startApp }) => {
  const desktop = desktopOf(app);
  const taskId = await startLongTask(app);
  await app.openSecondWindow();
  await desktop.user('endSession', 'query-session-end');
  expect(await desktop.ended()).toBe(0);
  await app.end();
  const next = await startApp();
  await waitForTask(next.api, taskId, 'running');
  expectOk(await next.api.cancelTask({ taskId, reason: 'the test is over' }));
});

test('closing the last window is quitting when it is not to stay in the tray; closing another one is not', async ({
  app,
}) => {
  const desktop = desktopOf(app);
  const { settings } = expectOk(await app.api.getSettings({}));
  const desktopSettings = { ...settings.desktop, closeToTray: false };
  expectOk(await app.api.saveSettings({ settings: { ...settings, desktop: desktopSettings } }));
  await app.openSecondWindow();
  const [first, second] = await desktop.windows();
  await desktop.user('close', second?.id);
  await desktop.waitForWindows(1);
  await startLongTask(app);
  await desktop.user('close', first?.id);
  (await desktop.nextBox()).answer('Do not quit');
  expect(await desktop.windows()).toHaveLength(1);
});

test('the window opens where it was left', async ({ app, startApp }) => {
  const desktop = desktopOf(app);
  const [window] = await desktop.windows();
  await desktop.user('setBounds', window?.id, { x: 60, y: 70, width: 1100, height: 720 });
  await desktop.user('maximize', window?.id);
  await desktop.user('quit');
  expect(await desktop.ended()).toBe(0);
  await app.end();
  const next = await startApp();
  const [again] = await desktopOf(next).windows();
  expect(again).toMatchObject({ bounds: { x: 60, y: 70, width: 1100, height: 720 }, isMaximized: true });
});

test('what is in the way of a start is said, with what to do', async ({ browser, engineFolder }) => {
  mkdirSync(engineFolder, { recursive: true });
  writeFileSync(join(engineFolder, 'settings.json'), '{ "slots": { "total": "many" } }');
  const { Desktop: Double } = await import('../support/electron-double/desktop.ts');
  const { cleanEnvironment } = await import('./support/host.ts');
  const desktop = await Double.start({
    browser,
    main: join(import.meta.dirname, '../../out/main/index.js'),
    args: ['--data', engineFolder],
    env: cleanEnvironment(),
    onPage: () => {},
  });
  expect(await desktop.ended()).toBe(1);
  const [box] = desktop.told('errorBox') as { title: string; content: string }[];
  expect(box?.title).toBe('Signalbox cannot start');
  expect(box?.content).toContain('settings.json');
  await desktop.dispose();
  expect(readFileSync(join(engineFolder, 'settings.json'), 'utf8')).toContain('many');
});
