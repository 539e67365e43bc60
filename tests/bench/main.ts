/** Measures the engine through its real path: `npm run bench -- [--quick] [--only NAME,…]`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { commitsMeasurement } from './commits.ts';
import { comparePeers } from './compare-peers.ts';
import { depthMeasurement } from './depth.ts';
import { logsMeasurement } from './logs.ts';
import { describeMachine } from './machine.ts';
import type { Row } from './measurement.ts';
import { peersMeasurement } from './peers.ts';
import { processMeasurement } from './process.ts';
import { formatMachine, formatTable } from './report.ts';
import { restMeasurement } from './rest.ts';
import { runsMeasurement } from './runs.ts';
import { startsMeasurement } from './starts.ts';
import { submitMeasurement } from './submit.ts';

const measurements = [
  submitMeasurement,
  commitsMeasurement,
  processMeasurement,
  runsMeasurement,
  logsMeasurement,
  startsMeasurement,
  depthMeasurement,
  restMeasurement,
  peersMeasurement,
];

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const wanted = values.only?.split(',') ?? measurements.map(({ name }) => name);
const unknown = wanted.find((name) => measurements.every((measurement) => measurement.name !== name));
if (unknown !== undefined) {
  console.error(`There is no measurement ${unknown}; there are: ${measurements.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
const chosen = measurements.filter(({ name }) => wanted.includes(name));

const machine = describeMachine();
console.log(formatMachine(machine));
const start = performance.now();
const rows: Row[] = [];
for (const measurement of chosen) {
  const begun = performance.now();
  rows.push(...(await measurement.measure({ quick: values.quick })));
  console.error(`${measurement.name}: ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
}
rows.push(...comparePeers(rows));
console.log(`\n${formatTable(rows)}`);

const folder = fileURLToPath(new URL('../../bench-results', import.meta.url));
mkdirSync(folder, { recursive: true });
const result = {
  at: new Date().toISOString(),
  quick: values.quick,
  seconds: Math.round((performance.now() - start) / 1_000),
  machine,
  rows,
};
writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(result, null, 2)}\n`);
