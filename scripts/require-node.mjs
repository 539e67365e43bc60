/**
 * Ends the process with status 2 and one sentence when this Node is too old. Run it as the first step of a script,
 * or import it before anything that loads better-sqlite3.
 */
import { nodeProblem } from '../bin/node-guard.mjs';

const problem = nodeProblem();
if (problem !== null) {
  console.error(problem);
  process.exit(2);
}
