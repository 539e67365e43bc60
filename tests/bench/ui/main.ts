/** Measures the window through its real host and a real browser: `npm run bench:ui -- [--quick] [--only logs|events]`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { describeMachine } from '../machine.ts';
import { formatMachine, formatTable } from '../report.ts';
import { measureEventLatency } from './event-latency.ts';
import { measureLogView } from './log-view.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const { quick, only } = values;
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const machine = describeMachine();
console.log(formatMachine(machine));
const browser = await chromium.launch({
  executablePath: process.env.SIGNALBOX_CHROMIUM ?? '/usr/bin/chromium',
  args: flags,
});
try {
  const watchMs = quick ? 3_000 : 10_000;
  const logs = only === 'events' ? [] : await measureLogView(browser, quick ? 100_000 : 1_000_000, watchMs);
  const events = only === 'logs' ? [] : await measureEventLatency(browser, watchMs, quick ? 1 : 5);
  const rows = [...logs, ...events];
  console.log(`\n${formatTable(rows)}`);
  const folder = fileURLToPath(new URL('../../../bench-results', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const result = { at: new Date().toISOString(), quick, machine, rows };
  writeFileSync(join(folder, 'ui-latest.json'), `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await browser.close();
}
