import { expect, test } from './support/test.ts';
import { submitCommand, waitForTask } from './support/work.ts';

test('an agent that has no work shows what it printed last', async ({ app }) => {
  const taskId = await submitCommand(app.api, ['echo', 'printed before the page was opened'], app.engineFolder);
  await waitForTask(app.api, taskId, 'completed');
  await app.goTo('/agents/shell');
  const output = app.page.getByRole('region', { name: 'Last output' });
  await expect(output.getByText('printed before the page was opened')).toBeVisible();
  await app.goTo('/agents/scaffold');
  await expect(app.page.getByText('It has not done any work yet.')).toBeVisible();
});

test('the data folder is measured when somebody asks', async ({ app }) => {
  await app.goTo('/settings/data');
  const size = app.page.getByRole('region', { name: 'Size' });
  await expect(size.getByText('Nobody has measured the folder yet.')).toBeVisible();
  await size.getByRole('button', { name: 'Measure' }).click();
  for (const part of ['In all', 'Database', 'Logs', 'Workspaces', 'Everything else']) {
    await expect(size.getByText(part, { exact: true })).toBeVisible();
  }
});
