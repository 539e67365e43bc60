/** One group of faults in a process of its own: `group-process.ts NUMBER SEED FORM`; its result goes to the parent. */
import { allGroups } from './all-groups.ts';
import type { Form } from './fault-group.ts';
import { runGroup } from './run-group.ts';

const [number, seed, form] = process.argv.slice(2);
const group = allGroups.find((one) => one.number === Number(number));
if (group === undefined) throw new Error(`There is no group ${number}.`);
const tell = (line: string) => process.stderr.write(`${line}\n`);
const result = await runGroup(group, { seed: Number(seed), form: form as Form, tell });
process.send?.(result, () => process.exit(0));
