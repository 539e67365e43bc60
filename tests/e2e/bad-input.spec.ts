import { writeFileSync } from 'node:fs';
import { expect, test } from './support/test.ts';
import { expectOk } from './support/work.ts';

test('a run form says at each field what is wrong, before and after it is submitted', async ({ app }) => {
  const { page, api } = app;
  await app.goTo('/workflows/app?run=new');
  const form = page.getByRole('form', { name: 'Run app' });
  const name = form.getByRole('textbox', { name: 'name' });
  const requirements = form.getByRole('textbox', { name: 'requirements' });
  await expect(name).toBeFocused();
  await name.fill('Not A Name');
  // Nobody is told while typing.
  await expect(name).not.toHaveAttribute('aria-invalid', 'true');
  await requirements.focus();
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await expect(name).toHaveAccessibleDescription(/It must match the pattern/);
  await expect(requirements).not.toHaveAttribute('aria-invalid', 'true');

  const submit = form.getByRole('button', { name: 'Start the run' });
  await submit.click();
  await expect(requirements).toHaveAttribute('aria-invalid', 'true');
  await expect(requirements).toHaveAccessibleDescription(/This is needed/);
  expect(expectOk(await api.listRuns({})).runs).toEqual([]);

  // What only the engine can know is said at its field too.
  await name.fill('calculator-app');
  await requirements.fill('A calculator.');
  await expect(requirements).not.toHaveAttribute('aria-invalid', 'true');
  await form.getByText('Folder and priority').click();
  const folder = form.getByRole('textbox', { name: 'Folder' });
  await folder.fill('/nowhere/at/all');
  await submit.click();
  await expect(folder).toHaveAccessibleDescription(/\/nowhere\/at\/all/);
  expect(expectOk(await api.listRuns({})).runs).toEqual([]);
});

test('an agent form says at each field what is wrong, before and after it is submitted', async ({ app }) => {
  const { page, api } = app;
  const before = expectOk(await api.listAgents({})).agents.length;
  await app.goTo('/agents?add=agent');
  const dialog = page.getByRole('dialog', { name: 'Add an agent' });
  await dialog.getByRole('button', { name: 'Any other command' }).click();
  const identifier = dialog.getByRole('textbox', { name: 'Identifier' });
  await identifier.fill('Not An Id');
  await dialog.getByRole('textbox', { name: 'Type' }).focus();
  await expect(identifier).toHaveAttribute('aria-invalid', 'true');
  await expect(identifier).toHaveAccessibleDescription(/lower-case letters/);
  const title = dialog.getByRole('textbox', { name: 'Title' });
  await expect(title).not.toHaveAttribute('aria-invalid', 'true');

  await dialog.getByRole('button', { name: 'Add the agent' }).click();
  await expect(title).toHaveAttribute('aria-invalid', 'true');
  await expect(title).toBeFocused();
  await expect(dialog.getByRole('textbox', { name: 'Program' })).toHaveAttribute('aria-invalid', 'true');
  await expect(dialog.getByText(/fields above cannot be used as they are/)).toBeVisible();

  // A refusal of the engine, which knows what else there is, stands at its field as well.
  await title.fill('Another');
  await identifier.fill('shell');
  await dialog.getByRole('textbox', { name: 'Type' }).fill('another');
  await dialog.getByRole('textbox', { name: 'Program' }).fill('true');
  await dialog.getByRole('button', { name: 'Add the agent' }).click();
  await expect(identifier).toHaveAttribute('aria-invalid', 'true');
  expect(expectOk(await api.listAgents({})).agents).toHaveLength(before);
});

test('the form of a task says at each field what is wrong, before and after it is submitted', async ({ app }) => {
  const { page, api } = app;
  await app.goTo('/queue');
  await page.getByRole('button', { name: 'Queue a task' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Queue a task' });
  const folder = dialog.getByRole('textbox', { name: 'Folder' });
  const command = dialog.getByRole('textbox', { name: 'Command' });
  await expect(command).toBeFocused();
  await folder.fill('not/absolute');
  await expect(command).toHaveAttribute('aria-invalid', 'true');
  await expect(command).toHaveAccessibleDescription(/\S/);
  await expect(folder).not.toHaveAttribute('aria-invalid', 'true');

  const submit = dialog.getByRole('button', { name: 'Queue the task' });
  await submit.click();
  await expect(dialog.getByText(/above cannot be used as/)).toBeVisible();
  await command.fill('echo done');
  await expect(command).not.toHaveAttribute('aria-invalid', 'true');
  await submit.click();
  await expect(folder).toHaveAttribute('aria-invalid', 'true');
  await expect(folder).toHaveAccessibleDescription(/absolute/i);
  await folder.fill('/nowhere/at/all');
  await submit.click();
  await expect(folder).toHaveAccessibleDescription(/\/nowhere\/at\/all/);
  expect(expectOk(await api.listTasks({})).tasks).toEqual([]);

  await folder.fill(app.engineFolder);
  await submit.click();
  await expect(dialog).toHaveCount(0);
  await expect
    .poll(async () => expectOk(await api.listTasks({})).tasks.map(({ title }) => title))
    .toEqual(['echo done']);
});

const good = `name: mine
stages:
  - name: first
    run: [echo, first]
  - name: second
    run: [echo, second]
`;

test('a workflow file that breaks while it is open keeps its last good graph, and marks the line', async ({ app }) => {
  const { page, api } = app;
  const { path } = expectOk(await api.saveWorkflow({ name: 'mine', source: good, replaces: null }));
  await app.goTo('/workflows/mine');
  const graph = page.getByRole('region', { name: 'Graph' });
  await expect(graph.getByRole('button', { name: /second/ })).toBeVisible();

  // By another editor, which tells nobody.
  writeFileSync(path, good.replace('run: [echo, second]', 'runs: [echo, second]'));
  const problems = page.getByRole('list', { name: 'Problems' });
  await expect(problems).toContainText(/error 6:/);
  await expect(page.getByText('This is the graph of the last text without errors.')).toBeVisible();
  await expect(graph.getByRole('button', { name: /second/ })).toBeVisible();
  // Both the stage that does nothing and the key that nobody knows are marked, each in its line.
  await expect(page.locator('.cm-line').filter({ hasText: 'runs:' }).locator('.cm-lintRange-error')).toHaveText(/runs/);
  await problems.getByRole('button').first().click();

  writeFileSync(path, `${good}  - name: third\n    run: [echo, third]\n`);
  await expect(problems).toHaveCount(0);
  await expect(graph.getByRole('button', { name: /third/ })).toBeVisible();
  await expect(page.getByText('This is the graph of the last text without errors.')).toHaveCount(0);
});
