import { readdirSync, readFileSync } from 'node:fs';
import { afterAll } from 'vitest';

/** Kinds of resources that a test file has to give back, by Node's names. Pipes are not among them: stdio is one. */
const WATCHED = ['ProcessWrap', 'TCPServerWrap', 'Timeout', 'FSEventWrap', 'Worker'];
/** How long what was just closed may take to disappear. */
const GRACE_MS = 2_000;
const CHECK_EVERY_MS = 20;

/** Taken while this file loads: the runner's own timers, which come and go, are not running yet. */
const before = countResources();

afterAll(async () => {
  const deadline = performance.now() + GRACE_MS;
  let leaks = findLeaks();
  while (leaks.length > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, CHECK_EVERY_MS));
    leaks = findLeaks();
  }
  if (leaks.length > 0) {
    throw new Error(`This test file leaves behind: ${leaks.join(', ')}.`);
  }
});

function countResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (WATCHED.includes(kind)) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  return counts;
}

/** What there is more of than before the file ran, and every child process by its command line. */
function findLeaks(): string[] {
  const grown = [...countResources()]
    .map(([kind, count]) => ({ kind, extra: count - (before.get(kind) ?? 0) }))
    .filter(({ extra }) => extra > 0)
    .map(({ kind, extra }) => `${extra} × ${kind}`);
  return [...grown, ...listChildren()];
}

/** The live children of this process. Only Linux tells; elsewhere `ProcessWrap` stands for them. */
function listChildren(): string[] {
  if (process.platform !== 'linux') {
    return [];
  }
  return readdirSync('/proc/self/task')
    .flatMap((thread) => readProc(`/proc/self/task/${thread}/children`).split(' '))
    .filter((pid) => pid !== '')
    .map((pid) => `process ${pid} (${readProc(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()})`);
}

/** A file of /proc; empty when its process or thread has just ended. */
function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
