import { expect, test } from 'vitest';
import type { ChildProcesses } from '../../../src-main/agents/builtin/child-processes.ts';
import { runOwnTests } from '../../../src-main/agents/builtin/own-tests.ts';

/** Children whose only command has printed this. */
function printing(stdout: string, stderr = ''): ChildProcesses {
  return { run: async () => ({ exitCode: 1, stdout, stderr, durationMs: 1 }) } as unknown as ChildProcesses;
}

test('a test runner that gives no summary is reported with what it said', async () => {
  await expect(runOwnTests(printing('', 'bad option'), '/app')).rejects.toMatchObject({
    facts: { why: expect.stringContaining('bad option') },
  });
});

test('what the tests themselves print does not disturb the report', async () => {
  const lines = [
    'ok 1 - printed by a test',
    '{"type":"test:fail","name":"/app/test/broken.test.mjs","message":"it broke"}',
    '{"type":"test:summary","tests":2,"passed":1,"skipped":0,"durationMs":3.6}',
  ];
  expect(await runOwnTests(printing(lines.join('\n')), '/app')).toEqual({
    tests: 2,
    passed: 1,
    skipped: 0,
    failures: [{ name: 'test/broken.test.mjs', file: '', message: 'it broke' }],
    coverage: 0,
    durationMs: 4,
  });
});
