/**
 * An engine as a process of its own, to be killed: opens the data folder of its first argument, takes up what is
 * there, says `READY`, and works until it is killed or its input ends.
 */
import { openOrchestrator } from '../../src-main/open-orchestrator.ts';

const [dataFolder = ''] = process.argv.slice(2);
const opened = await openOrchestrator({ dataFolder, mode: 'work' });
if (!opened.ok) {
  process.stderr.write(`${JSON.stringify(opened.error)}\n`);
  process.exit(1);
}
process.stdout.write('READY\n');
// Whoever started it may die too; an engine that nobody can kill any more ends by itself.
process.stdin.resume().once('end', () => {
  void opened.value.close({ mode: 'park', graceMs: 500 }).then(() => process.exit(0));
});
