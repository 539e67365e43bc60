import { defineConfig } from '@playwright/test';
import { findChromium, findElectron } from './tests/e2e/support/find-runtimes.ts';
import type { HostKind } from './tests/e2e/support/host.ts';

const electron = findElectron();
// This file is loaded by every worker too; it is said once.
if ('reason' in electron && process.env.TEST_WORKER_INDEX === undefined) {
  process.stdout.write(`The tests on the real Electron are not run: ${electron.reason}.\n`);
}

export default defineConfig<{ hostKind: HostKind }>({
  testDir: 'tests/e2e',
  outputDir: 'test-results/e2e',
  // Every test starts a whole system.
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  // Where this decides what lands, a machine that was busy for a moment does not: a second try, reported as flaky.
  retries: process.env.CI === undefined ? 0 : 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['html', { open: 'never', outputFolder: 'playwright-report' }]],
  use: {
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findChromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'browser', testIgnore: /desktop|bridge|notifications/, use: { hostKind: 'browser' } },
    { name: 'electron-double', testIgnore: /web-server/, use: { hostKind: 'electron-double' } },
    ...('path' in electron
      ? [{ name: 'electron', testIgnore: /desktop|web-server|notifications/, use: { hostKind: 'electron' as const } }]
      : []),
  ],
});
