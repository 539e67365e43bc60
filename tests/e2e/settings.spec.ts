import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Settings } from '../../src-main/contract/settings.ts';
import { makeFolder, removeFolder } from './support/folder.ts';
import type { App } from './support/test.ts';
import { expect, test } from './support/test.ts';
import { expectOk } from './support/work.ts';

function settingsFile(app: App): string {
  return join(app.engineFolder, 'settings.json');
}

function stored(app: App): Settings {
  return JSON.parse(readFileSync(settingsFile(app), 'utf8')) as Settings;
}

/** The switch is a picture; its box is what it does. */
async function turn(app: App, name: string): Promise<void> {
  await app.page.getByRole('switch', { name }).click({ force: true });
}

async function save(app: App): Promise<void> {
  await app.page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(app.page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(app.page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
}

test('R41 R70 what is told, and when not, is saved in the file, and is there after a reload', async ({ app }) => {
  await app.goTo('/settings/notifications');
  const { page } = app;
  await expect(page.getByText(/^Notifications are shown by the desktop application/)).toHaveCount(
    app.host === 'browser' ? 1 : 0,
  );
  await turn(app, 'Work is done');
  await turn(app, 'Quiet hours, every day');
  const from = page.getByLabel('From', { exact: true });
  const to = page.getByLabel('To', { exact: true });
  await from.fill('21:30');
  await to.fill('21:30');
  await expect(page.getByText('It must differ from the time at which they begin.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await to.fill('06:15');
  await save(app);
  expect(stored(app).notifications).toMatchObject({
    on: true,
    reasons: { finished: false, failed: true },
    quietHours: { on: true, from: '21:30', to: '06:15' },
  });
  await app.reloadWindow();
  await expect(page.getByRole('switch', { name: 'Work is done' })).not.toBeChecked();
  await expect(page.getByRole('switch', { name: 'Work failed' })).toBeChecked();
  await expect(from).toHaveValue('21:30');
  await expect(to).toHaveValue('06:15');
});

test('R70 muting holds at once, says until when, and loses nothing that is being typed', async ({ app }) => {
  await app.goTo('/settings/notifications');
  const { page } = app;
  const mute = page.getByRole('region', { name: 'Mute' });
  await expect(mute).toContainText('Not muted');
  await turn(app, 'There is an update');
  const before = Date.now();
  await mute.getByRole('button', { name: 'Mute for an hour' }).click();
  await expect(mute).toContainText(/Muted until .*\d/);
  const until = stored(app).notifications.mutedUntil ?? 0;
  expect(until - before).toBeGreaterThanOrEqual(3_600_000);
  expect(until - before).toBeLessThan(3_700_000);
  expect(stored(app).notifications.reasons.update).toBe(true);
  await expect(page.getByRole('switch', { name: 'There is an update' })).not.toBeChecked();
  await mute.getByRole('button', { name: /^Mute until/ }).click();
  await expect.poll(() => new Date(stored(app).notifications.mutedUntil ?? 0).getHours()).toBe(8);
  await mute.getByRole('button', { name: 'Unmute' }).click();
  await expect(mute).toContainText('Not muted');
  expect(stored(app).notifications.mutedUntil).toBeNull();
  await page.getByRole('button', { name: 'Undo changes' }).click();
  await expect(page.getByRole('switch', { name: 'There is an update' })).toBeChecked();
});

test('R41 R78 shortcuts are recorded by keyboard alone, and the desktop is set', async ({ app }) => {
  await app.goTo('/settings/desktop');
  const { page } = app;
  const show = page.getByRole('button', { name: /^Show the window/ });
  const freeze = page.getByRole('button', { name: /^Freeze everything/ });
  await show.focus();
  await page.keyboard.press('Enter');
  await expect(show).toHaveText('Press keys …');
  await page.keyboard.press('x');
  await expect(page.getByText('Hold Ctrl or Alt too: other applications need the key alone.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(show).toHaveText('None');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Shift+K');
  await expect(show).toHaveText(/Ctrl\s*Shift\s*K/);
  // What is being recorded does nothing else: no command bar has opened.
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await freeze.click();
  await page.keyboard.press('Shift+Control+K');
  await expect(page.getByText('It must differ from the one that shows the window.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await freeze.click();
  await page.keyboard.press('Control+S');
  await expect(page.getByText('In most applications this saves')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the shortcut: Freeze everything' }).click();
  await freeze.click();
  await page.keyboard.press('Tab');
  await expect(freeze).toHaveText('None');

  await turn(app, 'Close to the tray');
  await page.getByRole('radio', { name: 'Off' }).check({ force: true });
  await save(app);
  expect(stored(app).desktop).toEqual({
    closeToTray: false,
    startAtLogin: false,
    preventSleep: true,
    shortcuts: { window: 'CmdOrCtrl+Shift+K', freeze: null },
    updates: 'off',
  });
  await app.reloadWindow();
  await expect(show).toHaveText(/Ctrl\s*Shift\s*K/);
  await expect(page.getByRole('switch', { name: 'Close to the tray' })).not.toBeChecked();
});

test('R66 a faulty settings file is named with line, column and field, and is not written over', async ({ app }) => {
  await app.goTo('/settings/engine');
  const { page } = app;
  const total = page.getByLabel('Slots in total');
  await total.fill('7');
  await save(app);
  const faulty = '{\n  "slots": {\n    "total": "many"\n  }\n}\n';
  writeFileSync(settingsFile(app), faulty);
  const notice = page.getByRole('alert').filter({ hasText: 'The settings file has faults' });
  await expect(notice).toContainText('line 3, column 14');
  await expect(notice).toContainText('slots.total must be a number');
  await expect(total).toHaveValue('7');
  await total.fill('9');
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await expect(page.getByText('Nothing can be saved while the settings file has faults')).toBeVisible();
  for (const section of ['notifications', 'desktop', 'secrets', 'projects']) {
    await app.goTo(`/settings/${section}`);
    await expect(notice).toBeVisible();
  }
  expect(readFileSync(settingsFile(app), 'utf8')).toBe(faulty);

  writeFileSync(settingsFile(app), '{ "slots": { "total": 5 } }');
  await expect(notice).toHaveCount(0);
  await app.goTo('/settings/engine');
  await expect(total).toHaveValue('5');
  await total.fill('6');
  await save(app);
  expect(stored(app).slots.total).toBe(6);
});

/** A repository that brings a workflow, an agent and settings, one of them with a fault. */
function makeProject(): string {
  const folder = makeFolder();
  const inside = join(folder, '.signalbox');
  mkdirSync(join(inside, 'workflows'), { recursive: true });
  mkdirSync(join(inside, 'agents'));
  writeFileSync(
    join(inside, 'workflows/deploy.yaml'),
    'name: deploy\ntitle: Brings it out\nstages:\n  - name: ship\n    run: [pwd]\n',
  );
  const agent = { title: 'Linter', type: 'linter', protocol: 'command', command: ['lint', '--fix all'] };
  writeFileSync(join(inside, 'agents/linter.json'), JSON.stringify(agent));
  writeFileSync(join(inside, 'settings.json'), '{\n  "restart": { "maxInterruptions": 0 }\n}\n');
  return folder;
}

test('R41 a project is looked at, trusted, run and forgotten', async ({ app }) => {
  test.setTimeout(120_000);
  const folder = makeProject();
  const name = basename(folder);
  const { page, api } = app;
  try {
    await app.goTo('/settings/projects');
    await test.step('what it would bring is shown first, and nothing is used', async () => {
      await page.getByRole('textbox', { name: 'Folder of the project' }).fill(folder);
      await page.getByRole('button', { name: 'Look what it brings' }).click();
      const found = page.getByRole('region', { name: `What ${name} would bring` });
      await expect(found).toContainText('would bring 1 agent, 1 workflow');
      await expect(found).toContainText('lint "--fix all"');
      await expect(found).toContainText('settings.json, line 2');
      await expect(found).toContainText('restart.maxInterruptions');
      expect(expectOk(await api.listProjects({})).projects).toEqual([]);
      await found.getByRole('button', { name: 'Trust this project' }).click();
    });

    const panel = page.getByRole('region', { name, exact: true });
    await expect(panel).toContainText(folder);
    await expect(panel).toContainText('1 error');
    expect(stored(app).projects).toEqual([folder]);
    await app.reloadWindow();
    await expect(panel.getByRole('link', { name: 'Linter' })).toBeVisible();

    await test.step('its agent is marked and cannot be changed here', async () => {
      await panel.getByRole('link', { name: 'Linter' }).click();
      await expect(page.getByText(`of the project ${name}`)).toBeVisible();
      await expect(page.getByRole('button', { name: 'Edit' })).toHaveCount(0);
      await expect(page.getByText(join(folder, '.signalbox', 'agents'))).toBeVisible();
    });

    await test.step('its workflow stands in its group, and runs in its folder', async () => {
      await app.goTo('/workflows');
      await expect(page.getByRole('rowheader', { name: folder })).toBeVisible();
      await page
        .getByRole('row', { name: /deploy/ })
        .getByText('deploy', { exact: true })
        .click();
      await expect(page.getByText('.signalbox/workflows/deploy.yaml', { exact: true })).toBeVisible();
      await expect(page.getByRole('button', { name: 'Save', exact: true })).toHaveCount(0);
      await app.reloadWindow();
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      const form = page.getByRole('form', { name: 'Run deploy' });
      await expect(form.getByRole('textbox', { name: 'Folder' })).toHaveValue(folder);
      await form.getByRole('button', { name: 'Start the run' }).click();
      await expect(page).toHaveURL(/#\/runs\/run_/);
      await expect
        .poll(async () => expectOk(await api.listRuns({})).runs.map(({ workflow, state }) => [workflow, state]))
        .toEqual([['deploy', 'completed']]);
      const [run] = expectOk(await api.listRuns({})).runs;
      if (run === undefined) throw new Error('there is no run');
      expect(expectOk(await api.getRun({ runId: run.id })).folder).toBe(folder);
      await app.goTo(`/runs/${run.id}/values`);
      await page.getByRole('link', { name: 'deploy', exact: true }).click();
      await expect(page.getByText('.signalbox/workflows/deploy.yaml', { exact: true })).toBeVisible();
    });

    await test.step('it is forgotten with a reason, and its files stay', async () => {
      await app.goTo('/settings/projects');
      await page.getByRole('button', { name: `Forget ${name}` }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Forget the project' }).click();
      await expect(page.getByText('No project is trusted yet.')).toBeVisible();
      expect(stored(app).projects).toEqual([]);
      expect(readFileSync(join(folder, '.signalbox/workflows/deploy.yaml'), 'utf8')).toContain('deploy');
      expect(expectOk(await api.listAgents({})).agents.map(({ id }) => id)).not.toContain('linter');
    });
  } finally {
    removeFolder(folder);
  }
});

test('R66 a folder that is no project is refused at its field, and one that is gone says so', async ({ app }) => {
  const { page } = app;
  await app.goTo('/settings/projects');
  const field = page.getByRole('textbox', { name: 'Folder of the project' });
  await field.fill('not/absolute');
  await page.getByRole('button', { name: 'Look what it brings' }).click();
  await expect(field).toHaveAccessibleDescription(/absolute/i);
  const folder = makeProject();
  try {
    expectOk(await app.api.trustProject({ folder }));
    await expect(page.getByRole('region', { name: basename(folder), exact: true })).toBeVisible();
  } finally {
    removeFolder(folder);
  }
  await expect(page.getByRole('region', { name: basename(folder), exact: true })).toContainText('Not there');
});

test('the key of the local API is named, and never shown', async ({ app }) => {
  await app.goTo('/settings/api');
  await expect(app.page.getByText(join(app.engineFolder, 'api-token'), { exact: true })).toBeVisible();
  if (app.host === 'browser') {
    const key = readFileSync(join(app.engineFolder, 'api-token'), 'utf8').trim();
    expect(await app.page.content()).not.toContain(key);
  }
});
