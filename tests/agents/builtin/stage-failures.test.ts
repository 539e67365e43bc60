import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureHere, runHere } from './run-here.ts';
import { makeWorkspace, prepareApplication, removeWorkspaces } from './workspace.ts';

const inputs = { name: 'calculator-app', requirements: 'A calculator' };
let copyApplication: Awaited<ReturnType<typeof prepareApplication>>;

beforeAll(async () => {
  copyApplication = await prepareApplication();
}, 30_000);

afterAll(removeWorkspaces);

async function replaceIn(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

describe('a task that cannot be done is refused with what, why and what to do', () => {
  test('R74: empty requirements', async () => {
    const task = { workflow: 'app', stage: 'initialization', inputs: { ...inputs, requirements: ' \n' } };
    const { message, data } = await failureHere('scaffold', makeWorkspace(), task);
    expect(message).toContain('requirements cannot be empty');
    expect(data).toEqual({
      signalbox: {
        class: 'fatal',
        what: 'The application cannot be specified',
        why: 'requirements cannot be empty',
        remedy: 'Start the run again and say what the calculator is to do',
      },
    });
  });

  test.each(['', 'Calculator', '../elsewhere', 'a/b', '1st', 'x'.repeat(64), undefined, 7])(
    'R74: the name %j, which could leave the workspace or is no package name',
    async (name) => {
      const task = { workflow: 'app', stage: 'initialization', inputs: { ...inputs, name } };
      expect((await failureHere('scaffold', makeWorkspace(), task)).message).toContain(
        'The name of the application cannot be used',
      );
    },
  );

  test('a stage of another agent, a workflow that nobody knows, and a task without one', async () => {
    const workspace = makeWorkspace();
    const refusals = [
      { workflow: 'app', stage: 'deployment', inputs },
      { workflow: 'website', stage: 'validation', inputs },
      { inputs },
      { config: { work: 'toString' }, inputs },
    ];
    for (const task of refusals) {
      const { message, data } = await failureHere('validation', workspace, task);
      expect(message).toMatch(
        /The validation agent does not know the work .*app\/validation, feature\/validation.*real AI agent/,
      );
      expect(data).toMatchObject({ signalbox: { class: 'fatal' } });
    }
  });

  test('a stage before the one that makes what it needs', async () => {
    const workspace = makeWorkspace();
    for (const [type, stage] of [
      ['scaffold', 'scaffolding'],
      ['validation', 'validation'],
      ['e2e', 'e2e_testing'],
    ] as const) {
      expect((await failureHere(type, workspace, { workflow: 'app', stage, inputs })).message).toContain(
        'There is no calculator application in',
      );
    }
    expect(
      (await failureHere('deployment', workspace, { workflow: 'app', stage: 'monitoring', inputs })).message,
    ).toContain('nothing was deployed');
  });

  test('a session that is not from Signalbox', async () => {
    const task = { workflow: 'app', stage: 'validation', attemptNumber: -1 };
    expect((await failureHere('validation', makeWorkspace(), task)).message).toContain('no valid _meta.signalbox');
    expect((await failureHere('validation', 'relative', { workflow: 'app', stage: 'validation' })).message).toContain(
      'not an absolute path',
    );
  });
});

describe('a task whose outputs nobody reads', () => {
  test('is done all the same', async () => {
    const { workspace } = await copyApplication();
    const task = { workflow: 'app', stage: 'validation', inputs, outputFile: null };
    expect(await runHere('validation', workspace, task)).toMatchObject({ stopReason: 'end_turn', outputs: undefined });
  });
});

describe('a copy of a bundled workflow under another name', () => {
  test('names the work in its "with" block', async () => {
    const { workspace } = await copyApplication();
    const task = { workflow: 'my-app', stage: 'check', config: { work: 'app/validation' }, inputs };
    expect((await runHere('validation', workspace, task)).outputs).toMatchObject({ errors: 0 });
  });
});

describe('a faulty application', () => {
  test('fails e2e_testing with the names of the failing tests', async () => {
    const { workspace, repository } = await copyApplication();
    await replaceIn(join(repository, 'src/operations/subtract.mjs'), 'a - b', 'b - a');
    const { message, data } = await failureHere('e2e', workspace, { workflow: 'app', stage: 'e2e_testing', inputs });
    expect(message).toMatch(/^2 of \d+ tests failed: "subtract 9 4 is 5"/);
    expect(data).toMatchObject({ signalbox: { class: 'unknown' } });
  });

  test('does not fail e2e_testing by tests that are skipped, and counts them', async () => {
    const { workspace, repository } = await copyApplication();
    await replaceIn(
      join(repository, 'test/operations/add.test.mjs'),
      "test('add 2 3 is 5', ",
      "test('add 2 3 is 5', { skip: true }, ",
    );
    const { outputs } = await runHere('e2e', workspace, { workflow: 'app', stage: 'e2e_testing', inputs });
    expect(outputs).toMatchObject({ skipped: 1, failed: 0, passed: Number(outputs?.tests) - 1 });
  });

  test('fails e2e_testing when it has no tests', async () => {
    const { workspace, repository } = await copyApplication();
    await rm(join(repository, 'test'), { recursive: true });
    expect((await failureHere('e2e', workspace, { workflow: 'app', stage: 'e2e_testing', inputs })).message).toContain(
      'no test was found',
    );
  });

  test('fails integration with the calls that were answered wrongly', async () => {
    const { workspace, repository } = await copyApplication();
    await replaceIn(join(repository, 'src/http-server.mjs'), 'status: 400', 'status: 200');
    const { message } = await failureHere('integration', workspace, { workflow: 'app', stage: 'integration', inputs });
    expect(message).toMatch(/9 of \d+ calls were answered wrongly: GET \/add should answer 400/);
  });

  test('fails integration with what its server said when it does not start', async () => {
    const { workspace, repository } = await copyApplication();
    await replaceIn(join(repository, 'src/command-line.mjs'), "from './http-server.mjs'", "from './web-server.mjs'");
    const { message } = await failureHere('integration', workspace, { workflow: 'app', stage: 'integration', inputs });
    expect(message).toMatch(/did not start: .*web-server\.mjs/s);
  });

  test('is not deployed when the unpacked release does not work', async () => {
    const { workspace, repository } = await copyApplication();
    await replaceIn(join(repository, 'package.json'), '    "src",\n', '');
    const { message } = await failureHere('deployment', workspace, { workflow: 'app', stage: 'deployment', inputs });
    expect(message).toContain('The release does not work after it was unpacked');
    expect(
      (await failureHere('deployment', workspace, { workflow: 'app', stage: 'monitoring', inputs })).message,
    ).toContain('nothing was deployed');
  });

  test('shows as errors when what was deployed stops answering', async () => {
    const { workspace } = await copyApplication();
    const { outputs } = await runHere('deployment', workspace, { workflow: 'app', stage: 'deployment', inputs });
    await replaceIn(join(String(outputs?.current), 'src/operations/add.mjs'), 'return a + b', 'return undefined.x');
    const task = { workflow: 'app', stage: 'monitoring', inputs, config: { probes: 10 } };
    expect((await runHere('deployment', workspace, task)).outputs).toMatchObject({
      probes: 10,
      errors: 2,
      errorRate: 0.2,
    });
    expect((await failureHere('deployment', workspace, { ...task, config: { probes: 0 } })).message).toContain(
      '"probes" is 0',
    );
  });
});
