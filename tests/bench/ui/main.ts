/** Measures the window through its real host and a real browser: `npm run bench:ui -- [--quick]`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { describeMachine } from '../machine.ts';
import { formatMachine, formatTable } from '../report.ts';
import { measureLogView } from './log-view.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
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
  const rows = await measureLogView(browser, values.quick ? 100_000 : 1_000_000, values.quick ? 3_000 : 10_000);
  console.log(`\n${formatTable(rows)}`);
  const folder = fileURLToPath(new URL('../../../bench-results', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const result = { at: new Date().toISOString(), quick: values.quick, machine, rows };
  writeFileSync(join(folder, 'ui-latest.json'), `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await browser.close();
}
