import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.restoreAllMocks();
});

test('the entry refuses an agent that does not exist, and names those that do', async () => {
  let explained = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    explained += String(text);
    return true;
  });
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', 'main.ts', 'deploy']);
  await expect(import('../../../src-main/agents/builtin/main.ts')).rejects.toThrow('exit 64');
  expect(explained).toBe(
    'There is no built-in agent "deploy". Give one of: scaffold, validation, e2e, integration, deployment.\n',
  );
});
