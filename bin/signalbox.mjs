#!/usr/bin/env node
/** The `signalbox` command. Runs on any Node that knows ES modules, to say so when it is too old for the rest. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { dieWithLauncher, relaunch } from './launcher.mjs';
import { nodeProblem } from './node-guard.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const cli = join(here, '../out/main/cli.js');
const pinnedNode = join(here, '../node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

dieWithLauncher();

const problem = nodeProblem();
if (problem === null) {
  await runCli();
} else if (existsSync(pinnedNode)) {
  relaunch(pinnedNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
} else {
  fail(problem);
}

async function runCli() {
  if (!existsSync(cli)) {
    fail('Signalbox is not built yet. Build it with: npm run build');
    return;
  }
  await import(pathToFileURL(cli).href);
}

/** @param {string} sentence */
function fail(sentence) {
  console.error(sentence);
  process.exitCode = 2;
}
