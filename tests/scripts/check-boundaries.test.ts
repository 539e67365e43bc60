import { describe, expect, it } from 'vitest';
import { findViolations } from '../../scripts/check-boundaries.mjs';

describe('the room boundaries', () => {
  it.each([
    ['src-main/contract/run.ts', '../core/decide-run.ts'],
    ['src-main/contract/run.ts', 'node:crypto'],
    ['src-main/core/worker.ts', '../store/task-store.ts'],
    ['src-main/core/worker.ts', 'fs'],
    ['src-main/core/worker.ts', 'zod'],
    ['src-main/store/task-store.ts', '../core/worker.ts'],
    ['src-main/store/task-store.ts', '../transport/serve-api.ts'],
    ['src-main/store/task-store.ts', 'node:child_process'],
    ['src-main/agents/command-agent.ts', 'better-sqlite3'],
    ['src-main/agents/command-agent.ts', '../open-orchestrator.ts'],
    ['src-main/transport/http-server.ts', 'electron'],
    ['src-main/transport/ipc-server.ts', 'node:child_process'],
    ['src-main/cli.ts', './store/database.ts'],
    ['src-renderer/app.tsx', '../src-main/core/worker.ts'],
    ['src-renderer/app.tsx', 'electron'],
  ])('keep %s from importing %s', (path, specifier) => {
    expect(findViolations(path, `import { thing } from '${specifier}';`)).toHaveLength(1);
  });

  it.each([
    ['src-main/contract/run.ts', 'zod'],
    ['src-main/core/worker.ts', '../contract/run.ts'],
    ['src-main/core/worker.ts', '@marcbachmann/cel-js'],
    ['src-main/store/database.ts', 'better-sqlite3'],
    ['src-main/store/task-store.ts', '../core/ports.ts'],
    ['src-main/agents/host/main.ts', 'node:child_process'],
    ['src-main/transport/ipc-server.ts', 'electron'],
    ['src-main/open-orchestrator.ts', './store/database.ts'],
    ['src-renderer/main.tsx', 'react-dom/client'],
  ])('let %s import %s', (path, specifier) => {
    expect(findViolations(path, `import { thing } from '${specifier}';`)).toEqual([]);
  });

  it.each([
    "export { thing } from 'electron';",
    "export * from 'electron';",
    "type Thing = import('electron').App;",
    "const thing = await import('electron');",
    "const thing = require('electron');",
    'const thing = await import(name);',
  ])('see an import however it is written: %s', (source) => {
    expect(findViolations('src-main/agents/command-agent.ts', source)).toHaveLength(1);
  });

  it.each(['Date.now()', 'new Date()', 'Date()', 'Math.random()'])('keep %s out of the core', (expression) => {
    expect(findViolations('src-main/core/worker.ts', `const value = ${expression};`)).toHaveLength(1);
  });

  it('let the core read a time it was given', () => {
    expect(findViolations('src-main/core/worker.ts', 'const date = new Date(nowMs);')).toEqual([]);
  });

  it('name the file, the line and what is not allowed', () => {
    expect(findViolations('src-main/core/worker.ts', "\nimport 'electron';")).toEqual([
      'src-main/core/worker.ts:2: core may not import electron',
    ]);
  });

  it('ask for a place for a new folder', () => {
    expect(findViolations('src-main/extras/new.ts', '')).toEqual([
      'src-main/extras/new.ts: belongs to no room; place its folder in scripts/rooms.mjs',
    ]);
  });
});
