import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { withServer } from '../../../src-main/agents/builtin/application-server.ts';
import { ChildProcesses } from '../../../src-main/agents/builtin/child-processes.ts';
import { DrivenAgent, endDrivenAgents, runInChild } from './driven-agent.ts';
import type { WorkflowOutputs } from './run-workflow.ts';
import { runWorkflow } from './run-workflow.ts';
import { calculate, git, makeWorkspace, removeWorkspaces } from './workspace.ts';

const requirements = 'A calculator for school.\nIt needs powers and square roots.';
const operations = ['add', 'subtract', 'multiply', 'divide', 'power', 'sqrt'];

let workspace: string;
let outputs: WorkflowOutputs;
let tookMs: number;

beforeAll(async () => {
  workspace = makeWorkspace();
  const startedAt = performance.now();
  outputs = await runWorkflow(runInChild, 'app', workspace, { name: 'school-calculator', requirements });
  tookMs = performance.now() - startedAt;
}, 60_000);

afterEach(endDrivenAgents);
afterAll(removeWorkspaces);

describe('R12: the workflow "app", each stage in an agent process of its own', () => {
  test('takes well under 30 seconds', () => {
    expect(tookMs).toBeLessThan(30_000);
  });

  test('initialization makes a repository with a specification of what was asked for', async () => {
    const folder = join(workspace, 'school-calculator');
    const { commit, ...rest } = outputs.initialization ?? {};
    expect(rest).toEqual({ folder, specification: join(folder, 'SPEC.md'), operations });
    expect(await readFile(join(folder, 'SPEC.md'), 'utf8')).toContain('> It needs powers and square roots.');
    expect(await git(folder, 'rev-list', '--max-parents=0', 'HEAD')).toBe(commit);
  });

  test('scaffolding writes and commits an application that calculates', async () => {
    const folder = join(workspace, 'school-calculator');
    expect(outputs.scaffolding).toMatchObject({
      folder,
      operations,
      version: '0.1.0',
      commit: await git(folder, 'rev-parse', 'HEAD'),
    });
    expect(await git(folder, 'status', '--porcelain')).toBe('');
    expect(await calculate(folder, 'school-calculator', 'add', '2', '3')).toBe('5');
    expect(await calculate(folder, 'school-calculator', 'power', '2', '10')).toBe('1024');
  });

  test('validation finds nothing wrong', () => {
    expect(outputs.validation).toEqual({ errors: 0, warnings: 0, filesChecked: 26, findings: [] });
  });

  test("e2e_testing runs the application's own tests and measures a coverage of at least 80 %", () => {
    const { tests, passed, skipped, failed, coverage, durationMs } = outputs.e2e_testing ?? {};
    expect({ passed: Number(passed) + Number(skipped), failed }).toEqual({ passed: tests, failed: 0 });
    expect(tests).toBeGreaterThan(25);
    expect(coverage).toBeGreaterThanOrEqual(80);
    expect(durationMs).toBeGreaterThan(0);
  });

  test('integration calls the running server, and every call is answered as it should', () => {
    const { checks, passed, failed, port, p95Ms } = outputs.integration ?? {};
    expect({ passed, failed }).toEqual({ passed: checks, failed: 0 });
    expect(checks).toBeGreaterThan(30);
    expect(port).toBeGreaterThan(0);
    expect(p95Ms).toBeGreaterThan(0);
  });

  test('deployment installs a release with a checksum and points "current" at it', async () => {
    const { release, checksum, version, environment, current } = outputs.deployment ?? {};
    expect(version).toBe('0.1.0');
    expect(await readFile(`${release}.sha256`, 'utf8')).toBe(`${checksum}  school-calculator-0.1.0.tgz\n`);
    expect(current).toBe(join(String(environment), 'current'));
    expect((await stat(join(String(current), 'package.json'))).isFile()).toBe(true);
    await expect(stat(join(String(current), 'test'))).rejects.toThrow('ENOENT');
  });

  test('what was deployed answers over HTTP: results, 400 for wrong input, 404 for the unknown', async () => {
    const { signal } = new AbortController();
    const deployed = String(outputs.deployment?.current);
    await withServer(new ChildProcesses(signal), deployed, 'school-calculator', signal, async (server) => {
      expect(await server.call('/add?a=2&b=3')).toMatchObject({ status: 200, body: { result: 5 } });
      expect(await server.call('/add?a=2&b=three')).toMatchObject({
        status: 400,
        body: { error: 'b is not a number: three' },
      });
      expect(await server.call('/guess')).toMatchObject({ status: 404 });
    });
  });

  test('monitoring probes what was deployed', () => {
    const { p50Ms, p95Ms, ...rest } = outputs.monitoring ?? {};
    expect(rest).toEqual({ version: '0.1.0', probes: 50, errors: 0, errorRate: 0 });
    expect(p50Ms).toBeGreaterThan(0);
    expect(p95Ms).toBeLessThan(500);
  });
});

describe('R20: the five built-in agents', () => {
  test.each(['scaffold', 'validation', 'e2e', 'integration', 'deployment'])(
    '%s answers the handshake with its capabilities and beats',
    async (type) => {
      const agent = new DrivenAgent('builtin/main.ts', [type], { SIGNALBOX_HEARTBEAT_MS: '20' });
      const { protocolVersion, agentInfo, agentCapabilities } = await agent.initialize();
      expect({ protocolVersion, name: agentInfo?.name }).toEqual({ protocolVersion: 1, name: type });
      expect(agentCapabilities?._meta?.signalbox).toMatchObject({
        heartbeat: true,
        capabilities: expect.arrayContaining([type]),
      });
      await expect.poll(() => agent.beats.length, { timeout: 5_000 }).toBeGreaterThan(1);
      expect(agent.beats[0]?.busy).toBe(false);
      await agent.end();
    },
  );

  test('an unknown type is refused with the names of those that exist', async () => {
    const agent = new DrivenAgent('builtin/main.ts', ['deploy']);
    expect(await agent.exited()).toEqual({ exitCode: 64, signal: null });
    expect(agent.stderr).toContain('scaffold, validation, e2e, integration, deployment');
  });
});
