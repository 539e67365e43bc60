/**
 * Lets faults happen and writes what was found: `npm run chaos -- [--seed N] [--only 3,11] [--trials short|full]
 * [--trial N] [--at-once N] [--no-report | --update]`. Ends with 1 when a property does not hold; the seed and the trial's number repeat it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from '../bench/machine.ts';
import { allGroups } from './all-groups.ts';
import type { Form } from './fault-group.ts';
import type { ChaosReport } from './report.ts';
import { formatReport, outcomeOf } from './report.ts';
import { runApart } from './run-apart.ts';
import type { GroupResult } from './run-group.ts';
import { runGroup } from './run-group.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    only: { type: 'string' },
    trials: { type: 'string', default: 'full' },
    trial: { type: 'string' },
    'at-once': { type: 'string', default: '1' },
    'no-report': { type: 'boolean', default: false },
    update: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const wanted = values.only?.split(',').map(Number) ?? null;
const chosen = allGroups.filter((group) => wanted === null || wanted.includes(group.number));
const known = allGroups.map((group) => group.number).join(', ');
if (!Number.isSafeInteger(seed) || !isForm(values.trials) || chosen.length !== (wanted?.length ?? chosen.length)) {
  console.error(`The seed is a whole number, trials are short or full, and there are the groups ${known}.`);
  process.exit(2);
}
const atOnce = Math.max(1, Number(values['at-once']) || 1);
const trial = values.trial === undefined ? null : Number(values.trial);

console.log(`seed ${seed}, ${values.trials} trials`);
const { cpu, cores, memoryGib, system, node, sqlite } = describeMachine();
const begun = performance.now();
const ended = (result: GroupResult) => {
  console.log(`${result.number} ${result.title}: ${outcomeOf(result)} in ${result.seconds.toFixed(1)} s`);
  for (const { message, rerun } of result.failures) console.log(`  ${message}\n  again: ${rerun}`);
};
const groups = trial === null ? await runApart(chosen, { seed, form: values.trials, atOnce, ended }) : [];
if (trial !== null) {
  for (const group of chosen) {
    const options = { seed, form: values.trials, only: trial, tell: (line: string) => console.error(line) };
    const result = await runGroup(group, options);
    groups.push(result);
    ended(result);
  }
}
const found: ChaosReport = {
  at: new Date().toISOString(),
  form: values.trials,
  seed,
  seconds: Math.round(performance.now() - begun) / 1_000,
  machine: { cpu, cores, memoryGib, system, node, sqlite },
  groups,
};
const isWhole = wanted === null && trial === null;
if (isWhole && !values['no-report']) writeReport(found);
else if (values.update) writeReport(updated(JSON.parse(readFileSync(reportPath('chaos.json'), 'utf8'))));
process.exit(groups.some((group) => outcomeOf(group) === 'failed') ? 1 : 0);

function reportPath(name: string): string {
  return fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
}

function writeReport(report: ChaosReport): void {
  writeFileSync(reportPath('chaos.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(reportPath('chaos.md'), formatReport(report));
}

/** A report in which groups that ran again, with its seed and its trials, take the place of those of the same number. */
function updated(before: ChaosReport): ChaosReport {
  if (before.seed !== seed || before.form !== found.form || trial !== null) {
    console.error(
      `The report has seed ${before.seed} and ${before.form} trials: only whole groups of those go into it.`,
    );
    process.exit(2);
  }
  const kept = before.groups.filter(({ number }) => groups.every((group) => group.number !== number));
  const seconds = before.seconds + found.seconds;
  return { ...found, seconds, groups: [...kept, ...groups].sort((a, b) => a.number - b.number) };
}

function isForm(text: string): text is Form {
  return text === 'short' || text === 'full';
}
