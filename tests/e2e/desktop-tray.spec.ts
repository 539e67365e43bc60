import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ApiClient, ApiInput } from '../../src-main/contract/api.ts';
import { Desktop } from '../support/electron-double/desktop.ts';
import type { MenuFacts } from '../support/electron-double/wire.ts';
import { notYet, until } from '../support/until.ts';
import { connectToEngine } from './support/engine-client.ts';
import { cleanEnvironment } from './support/host.ts';
import { startDoubleHost } from './support/hosts/double-host.ts';
import { startWorkflow, waitForRun } from './support/runs.ts';
import type { App } from './support/test.ts';
import { expect, test } from './support/test.ts';
import { expectOk, submitCommand, waitForTask } from './support/work.ts';

type Settings = ApiInput<'saveSettings'>['settings'];

const main = join(import.meta.dirname, '../../out/main/index.js');

function desktopOf({ desktop }: App): Desktop {
  if (desktop === null) throw new Error('these tests need the double');
  return desktop;
}

/** The picture in the tray, without its folder. */
function icon(desktop: Desktop): string {
  return basename(String(desktop.told('trayImage').at(-1) ?? ''));
}

function menuLabels(desktop: Desktop): string[] {
  const items = (desktop.told('trayMenu').at(-1) ?? []) as readonly MenuFacts[];
  return items.map(({ label }) => label);
}

function toolTip(desktop: Desktop): string {
  return String(desktop.told('trayToolTip').at(-1));
}

async function expectIcon(desktop: Desktop, name: string): Promise<void> {
  await expect.poll(() => icon(desktop)).toBe(name);
}

async function expectMenu(desktop: Desktop, label: string | RegExp): Promise<void> {
  const expected = typeof label === 'string' ? label : expect.stringMatching(label);
  await expect.poll(() => menuLabels(desktop)).toEqual(expect.arrayContaining([expected]));
}

/** Saves the settings with a change to those of the desktop. */
async function setDesktop(api: ApiClient, change: Partial<NonNullable<Settings['desktop']>>): Promise<void> {
  const { settings } = expectOk(await api.getSettings({}));
  expectOk(await api.saveSettings({ settings: { ...settings, desktop: { ...settings.desktop, ...change } } }));
}

async function healthMessages(api: ApiClient): Promise<string[]> {
  return expectOk(await api.getStatus({})).health.reasons.map(({ message }) => message);
}

/** Starts a command that ends when a file is there. */
async function startWaitingTask({
  api,
  engineFolder,
}: App): Promise<{ readonly taskId: string; end(): Promise<void> }> {
  const signal = join(engineFolder, 'may-end');
  const script = `until [ -e ${signal} ]; do sleep 0.05; done`;
  const taskId = await submitCommand(api, ['sh', '-c', script], engineFolder);
  await waitForTask(api, taskId, 'running');
  return {
    taskId,
    async end() {
      writeFileSync(signal, '');
      await waitForTask(api, taskId, 'completed');
    },
  };
}

async function failATask(api: ApiClient): Promise<void> {
  const work = { kind: 'command' as const, command: { kind: 'argv' as const, argv: ['false'] } };
  const task = { title: 'hopeless', agent: { type: 'shell' }, work, retry: { maxAttempts: 1 } };
  const { taskIds } = expectOk(await api.enqueueTasks({ tasks: [task] }));
  const [taskId] = taskIds;
  if (taskId === undefined) throw new Error('the engine named no task');
  await waitForTask(api, taskId, 'dead');
}

test('R66 the icon shows what is most urgent, and its menu leads there', async ({ app }) => {
  const desktop = desktopOf(app);
  const { api } = app;
  await expectIcon(desktop, 'idle-dark-24.png');
  expect(menuLabels(desktop)).toContain('Open Signalbox');

  const task = await startWaitingTask(app);
  await expectIcon(desktop, 'running-dark-24.png');
  expect(desktop.told('powerSaveBlocker').at(-1)).toMatchObject({ type: 'prevent-app-suspension', on: 1 });
  await desktop.user('theme', 'light');
  await expectIcon(desktop, 'running-light-24.png');
  await desktop.user('theme', 'dark');

  const run = await startWorkflow(app, 'name: careful\nstages:\n  - name: ask\n    approval: Go on & publish?\n');
  await waitForRun(api, run.id, ['waiting']);
  await expectIcon(desktop, 'needs-you-dark-24.png');
  await expectMenu(desktop, 'ask: Go on & publish?');
  await expectMenu(desktop, 'careful (waiting): ask');
  expect(desktop.told('badge').at(-1)).toBe(1);
  expect(toolTip(desktop)).toBe('Signalbox: 1 running, 0 queued, 1 waiting for you');
  await desktop.user('lookElsewhere');
  await desktop.user('trayMenu', ['ask: Go on & publish?']);
  await expect(app.page).toHaveURL(/#\/inbox$/);
  expect(await desktop.windows()).toMatchObject([{ isFocused: true }]);
  await desktop.user('trayMenu', ['careful (waiting): ask']);
  await expect(app.page).toHaveURL(new RegExp(`#/runs/${run.id}$`));

  const [approval] = expectOk(await api.listApprovals({ states: ['open'] })).approvals;
  if (approval === undefined) throw new Error('no approval is open');
  expectOk(await api.answerApproval({ approvalId: approval.id, answer: 'approved' }));
  await expectIcon(desktop, 'running-dark-24.png');
  expect(desktop.told('badge').at(-1)).toBe(0);

  await desktop.user('lookElsewhere');
  await failATask(api);
  await expectIcon(desktop, 'failed-dark-24.png');
  await expectMenu(desktop, '1 failed since you looked');
  const [window] = await desktop.windows();
  await desktop.user('focus', window?.id);
  await expectIcon(desktop, 'running-dark-24.png');
  // Who looks is told nothing.
  await failATask(api);
  await expectMenu(desktop, '1 running, 0 queued, 0 waiting for you');

  await task.end();
  await expectIcon(desktop, 'idle-dark-24.png');
  await expect.poll(() => desktop.told('powerSaveBlocker').at(-1)).toMatchObject({ on: 0 });
});

test('the menu freezes, pauses and mutes, and takes all of it back', async ({ app }) => {
  const desktop = desktopOf(app);
  const { api } = app;
  await expectMenu(desktop, 'Freeze all');
  await desktop.user('trayMenu', ['Freeze all', 'Interrupt work and start nothing']);
  await expectMenu(desktop, 'Thaw');
  expect(expectOk(await api.getStatus({})).frozen).toMatchObject({ reason: 'asked for in the tray' });
  await desktop.user('trayMenu', ['Thaw']);
  await expectMenu(desktop, 'Freeze all');

  await desktop.user('trayMenu', ['Mute notifications', 'For an hour']);
  await expectMenu(desktop, 'Unmute notifications');
  const muted = expectOk(await api.getSettings({})).settings.notifications.mutedUntil;
  expect(Math.abs((muted ?? 0) - Date.now() - 3_600_000)).toBeLessThan(60_000);
  await desktop.user('trayMenu', ['Unmute notifications']);
  await expectMenu(desktop, 'Mute notifications');
  expect(expectOk(await api.getSettings({})).settings.notifications.mutedUntil).toBeNull();

  const signal = join(app.engineFolder, 'go');
  const wait = `until [ -e ${signal} ]; do sleep 0.05; done`;
  const stages = `  - name: one\n    run: [sh, -c, "${wait}"]\n  - name: two\n    needs: [one]\n    run: ["true"]\n`;
  const run = await startWorkflow(app, `name: patient\nstages:\n${stages}`);
  await expectMenu(desktop, 'patient: one');
  await desktop.user('trayMenu', ['Pause all runs']);
  await until('the pause', async () =>
    expectOk(await api.getRun({ runId: run.id })).pauseRequestedAt === null ? undefined : true,
  );
  writeFileSync(signal, '');
  await waitForRun(api, run.id, ['paused']);
  await expectMenu(desktop, /^patient \(paused\)/);
  await desktop.user('trayMenu', ['Resume all runs']);
  await waitForRun(api, run.id, ['completed']);
});

test('R70 closing leaves it in the tray: work goes on, the tray leads back, and quitting there asks', async ({
  app,
}) => {
  const desktop = desktopOf(app);
  const task = await startWaitingTask(app);
  await expectIcon(desktop, 'running-dark-24.png');
  await app.goTo('/agents');
  await expect(app.page).toHaveURL(/#\/agents$/);
  const [window] = await desktop.windows();
  await desktop.user('close', window?.id);
  expect(await desktop.windows()).toEqual([]);
  const explained = 'Signalbox goes on in the tray';
  const explanations = () =>
    (desktop.told('notification') as { title: string }[]).filter((one) => one.title === explained);
  await expect.poll(() => explanations().length).toBe(1);
  await task.end();
  await failATask(app.api);
  await expectIcon(desktop, 'failed-dark-24.png');

  await desktop.user('tray');
  const [page] = await desktop.waitForWindows(1);
  await expect(page ?? app.page).toHaveURL(/#\/agents$/);
  await expectIcon(desktop, 'idle-dark-24.png');
  const [again] = await desktop.windows();
  await desktop.user('close', again?.id);
  expect(await desktop.windows()).toEqual([]);
  expect(explanations()).toHaveLength(1);

  const taskId = await submitCommand(app.api, ['sleep', '600'], app.engineFolder);
  await waitForTask(app.api, taskId, 'running');
  await desktop.user('trayMenu', ['Quit Signalbox']);
  const box = await desktop.nextBox();
  expect(box.buttons).toEqual(['Wait', 'Park', 'Stop', 'Do not quit']);
  box.answer('Stop');
  expect(await desktop.ended()).toBe(0);
});

test('settings of the desktop hold at once', async ({ app }) => {
  const desktop = desktopOf(app);
  const { api } = app;
  await expectMenu(desktop, 'Freeze all');
  await desktop.user('takeKeys', 'CmdOrCtrl+Alt+F');
  await setDesktop(api, {
    closeToTray: false,
    startAtLogin: true,
    preventSleep: false,
    shortcuts: { window: 'CmdOrCtrl+Alt+S', freeze: 'CmdOrCtrl+Alt+F' },
  });
  await expect.poll(() => desktop.told('shortcuts').at(-1)).toEqual(['CmdOrCtrl+Alt+S']);
  await expect
    .poll(async () => (await healthMessages(api)).join())
    .toContain('CmdOrCtrl+Alt+F (freezing everything) belongs to another application');
  await setDesktop(api, { shortcuts: { window: 'CmdOrCtrl+Alt+S', freeze: 'CmdOrCtrl+Alt+G' } });
  await expect.poll(() => desktop.told('shortcuts').at(-1)).toEqual(['CmdOrCtrl+Alt+S', 'CmdOrCtrl+Alt+G']);
  await expect.poll(() => healthMessages(api)).toEqual([]);
  await desktop.user('press', 'CmdOrCtrl+Alt+G');
  await expect.poll(() => desktop.told('notification').at(-1)).toMatchObject({ title: 'Everything is frozen' });
  await desktop.user('press', 'CmdOrCtrl+Alt+G');
  await expect.poll(() => desktop.told('notification').at(-1)).toMatchObject({ title: 'Work goes on' });

  const autostart = join(desktop.configFolder, 'autostart');
  const file = await until('the autostart file', () => {
    const [name] = existsSync(autostart) ? readdirSync(autostart) : [];
    return name === undefined ? notYet('none') : join(autostart, name);
  });
  expect(readFileSync(file, 'utf8')).toContain(`Exec=${process.execPath} --hidden --data ${app.engineFolder}\n`);
  await setDesktop(api, { startAtLogin: false });
  await expect.poll(() => existsSync(file)).toBe(false);

  const task = await startWaitingTask(app);
  await expectIcon(desktop, 'running-dark-24.png');
  expect(desktop.told('powerSaveBlocker')).toEqual([]);
  await setDesktop(api, { preventSleep: true });
  await expect.poll(() => desktop.told('powerSaveBlocker').at(-1)).toMatchObject({ on: 1 });
  const [window] = await desktop.windows();
  await desktop.user('close', window?.id);
  (await desktop.nextBox()).answer('Do not quit');
  expect(await desktop.windows()).toHaveLength(1);
  await task.end();
});

for (const { tray, args } of [
  { tray: 'missing', args: [] },
  // Nothing else would lead to the window that it was not to show.
  { tray: 'throws', args: ['--hidden'] },
]) {
  test(`without a tray (${tray}) that is said once, and closing asks to quit`, async ({ browser, engineFolder }) => {
    const env = { ...cleanEnvironment(), SIGNALBOX_DOUBLE_TRAY: tray };
    const desktop = await Desktop.start({
      browser,
      main,
      args: ['--data', engineFolder, ...args],
      env,
      onPage: () => {},
    });
    await desktop.waitForWindows(1);
    const engine = await connectToEngine(engineFolder);
    const about = async () => (await healthMessages(engine.api)).filter((message) => message.includes('tray'));
    await expect.poll(about).toHaveLength(1);
    expect(desktop.told('trayImage')).toEqual([]);
    const taskId = await submitCommand(engine.api, ['sleep', '600'], engineFolder);
    await waitForTask(engine.api, taskId, 'running');
    const [window] = await desktop.windows();
    await desktop.user('close', window?.id);
    expect(await desktop.windows()).toHaveLength(1);
    expect(await about()).toHaveLength(1);
    engine.close();
    (await desktop.nextBox()).answer('Stop');
    expect(await desktop.ended()).toBe(0);
    await desktop.dispose();
  });
}

test('R80 a hidden start shows its icon only, and a second start shows the window', async ({
  browser,
  engineFolder,
}) => {
  const start = { browser, main, env: cleanEnvironment(), onPage: () => {} };
  const desktop = await Desktop.start({ ...start, args: ['--data', engineFolder, '--hidden'] });
  await expectIcon(desktop, 'idle-dark-24.png');
  expect(await desktop.windows()).toEqual([]);
  // The login may start it again.
  const atLogin = await Desktop.start({ ...start, args: ['--data', engineFolder, '--hidden'] });
  expect(await atLogin.ended()).toBe(0);
  await atLogin.dispose();
  const options = { browser, dataFolder: engineFolder, args: [], onPage: () => {} };
  await expect(startDoubleHost(options)).rejects.toThrow('the application ended');
  await desktop.waitForWindows(1);
  expect(await desktop.windows()).toMatchObject([{ isVisible: true, isFocused: true }]);
  await desktop.user('quit');
  expect(await desktop.ended()).toBe(0);
  await desktop.dispose();
});
