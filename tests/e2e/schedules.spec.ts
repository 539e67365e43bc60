import { expect, test } from './support/test.ts';
import { expectOk } from './support/work.ts';

test('a schedule is added in the window, starts what it says every second, and is switched off', async ({ app }) => {
  await app.goTo('/schedules');
  const { page } = app;
  await expect(page.getByText('Nothing is started in time yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Add a schedule' }).first().click();
  const form = page.getByRole('form', { name: 'New schedule' });
  await form.getByLabel('Title').first().fill('Every second');
  await expect(form.getByLabel('Identifier')).toHaveValue('every-second');
  await form.getByText('A command or a prompt').click();
  await form.getByRole('textbox', { name: 'Command' }).fill('echo due');
  await form.getByText('At an interval').click();
  await form.getByRole('textbox', { name: 'Every' }).fill('0');
  await form.getByRole('combobox', { name: 'Unit' }).click();
  await page.getByRole('option', { name: 'seconds' }).click();
  await expect(form).toContainText('It must be at least 1 s.');
  await form.getByRole('textbox', { name: 'Every' }).fill('1');
  await expect(form.getByRole('list', { name: 'Next times' }).getByRole('listitem')).toHaveCount(5);
  await form.getByRole('button', { name: 'Add the schedule' }).click();

  const row = page.getByRole('row', { name: /Every second/ });
  await expect(row).toContainText('Started');
  const [schedule] = expectOk(await app.api.listSchedules({})).schedules;
  expect(schedule).toMatchObject({ id: 'every-second', enabled: true, definition: { timing: { everyMs: 1_000 } } });

  await row.getByText('Every second', { exact: true }).click();
  const history = page.getByRole('region', { name: 'What became of its times' });
  await expect.poll(async () => history.getByRole('row').count()).toBeGreaterThan(2);
  await expect(history.getByRole('link', { name: 'its task' }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(history).toHaveCount(0);

  await row.getByRole('switch').click({ force: true });
  await expect(row).toContainText('Switched off');
  await expect
    .poll(async () => expectOk(await app.api.listSchedules({})).schedules[0])
    .toMatchObject({ enabled: false, nextAt: null });
});

test('a schedule that cannot be says so at its field, and is removed with a reason', async ({ app }) => {
  const { page, api } = app;
  const task = {
    agent: { type: 'shell' },
    work: { kind: 'command' as const, command: { kind: 'script' as const, script: 'true' } },
  };
  const timing = { kind: 'cron' as const, expression: '0 6 * * *', timeZone: 'Europe/Berlin' };
  expectOk(await api.saveSchedule({ id: 'early' as never, title: 'Early', timing, start: { kind: 'task', task } }));
  await app.goTo('/schedules?schedule=early');
  await page.getByRole('button', { name: 'Edit' }).click();
  const form = page.getByRole('form', { name: 'Schedule early' });
  await expect(form).toContainText('every day at 06:00 (Europe/Berlin)');
  const expression = form.getByRole('textbox', { name: 'Cron expression' });
  await expression.fill('61 6 * * *');
  await expect(expression).toHaveAccessibleDescription(/cannot be read: Invalid value for minute: 61/);
  await form.getByRole('button', { name: 'Save the schedule' }).click();
  await expect(form).toContainText('Some fields above cannot be used as they are.');
  await expression.fill('30 7 * * 1-5');
  await expect(form).toContainText('Monday to Friday at 07:30');
  await form.getByRole('button', { name: 'Save the schedule' }).click();
  await expect(form).toHaveCount(0);
  expect(expectOk(await api.listSchedules({})).schedules[0]?.definition.timing).toEqual({
    ...timing,
    expression: '30 7 * * 1-5',
  });

  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove Early?' });
  await dialog.getByLabel('Reason').fill('No longer needed');
  await dialog.getByRole('button', { name: 'Remove the schedule' }).click();
  await expect(page.getByText('Nothing is started in time yet.')).toBeVisible();
  expect(expectOk(await api.listSchedules({})).schedules).toEqual([]);
});
