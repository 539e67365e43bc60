import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { notYet, until } from '../../../support/until.ts';
import type { Host, HostOptions } from '../host.ts';
import { cleanEnvironment } from '../host.ts';

const program = join(import.meta.dirname, '../../../../out/main/cli.js');
const startMs = 20_000;

/** What `signalbox serve --json` says first. */
interface Serving {
  /** Lets one browser in, once. */
  readonly url: string;
}

/** `signalbox serve`, and a page of a browser. */
export async function startBrowserHost({ browser, dataFolder, args, onPage }: HostOptions): Promise<Host> {
  const child = spawn(process.execPath, [program, 'serve', '--json', '--data', dataFolder, ...args], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = createEnd(child);
  try {
    const { url } = await readServing(child);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    onPage(page);
    await page.goto(url);
    return {
      kind: 'browser',
      pid: Number(child.pid),
      desktop: null,
      entryUrl: url,
      page: () => page,
      async openSecondWindow() {
        const second = await context.newPage();
        onPage(second);
        await second.goto(new URL('/', url).href);
        return second;
      },
      async end() {
        // The page first: it would rightly complain of a host that goes away.
        await context.close();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function readServing(child: ChildProcess): Promise<Serving> {
  const printed = { out: '', errors: '' };
  child.stdout?.on('data', (data) => {
    printed.out += String(data);
  });
  child.stderr?.on('data', (data) => {
    printed.errors += String(data);
  });
  const line = await until(
    'the address of signalbox serve',
    () => {
      if (child.exitCode !== null) throw new Error(`signalbox serve ended with ${child.exitCode}: ${printed.errors}`);
      return printed.out.includes('\n') ? printed.out.split('\n')[0] : notYet(printed);
    },
    startMs,
  );
  return JSON.parse(line) as Serving;
}

function createEnd(child: ChildProcess): () => Promise<void> {
  const exited = once(child, 'exit');
  return async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), startMs);
    await exited;
    clearTimeout(timer);
  };
}
