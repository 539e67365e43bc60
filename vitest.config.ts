import { defineConfig } from 'vitest/config';

const all = (lowest: number) => ({ lines: lowest, functions: lowest, branches: lowest, statements: lowest });

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    setupFiles: ['tests/support/setup.ts'],
    // Another order each time; the seed is printed, `--sequence.seed=<n>` repeats it.
    sequence: { shuffle: { files: true, tests: true } },
    retry: 0,
    allowOnly: false,
    passWithNoTests: false,
    expect: { requireAssertions: true },
    restoreMocks: true,
    unstubEnvs: true,
    coverage: {
      provider: 'v8',
      include: ['src-main/**/*.ts'],
      exclude: ['src-main/index.ts', 'src-main/shell/**'],
      reporter: ['text-summary', 'html', 'json-summary'],
      thresholds: {
        'src-main/contract/**': all(100),
        'src-main/core/**': all(100),
        'src-main/store/**': all(90),
        'src-main/agents/**': all(90),
      },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'tests/{contract,core,store,threads,agents,engine,transport,reach,cli,workflows,projects,renderer,shell,bin,scripts,docs,checklist}/**/*.test.{ts,tsx}',
          ],
          // Many of them take a second or two of a machine of their own; one that has much else to do takes ten times as long.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'scenarios',
          include: ['tests/{scenarios,chaos,packaging}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // Whole systems with child processes: one file at a time, and after everything else.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
