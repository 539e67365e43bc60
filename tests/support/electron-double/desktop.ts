import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Browser, BrowserContext, Page, Route } from '@playwright/test';
import { notYet, until } from '../until.ts';
import { DesktopWindow } from './desktop-window.ts';
import type { PageWord } from './page-script.ts';
import { bindingName, pageScript } from './page-script.ts';
import { Peer } from './peer.ts';
import { SessionBus } from './session-bus.ts';
import type { BoxFacts, PageResponse, WindowFacts, WindowView } from './wire.ts';
import { toOwn } from './wire.ts';

export interface DesktopOptions {
  readonly browser: Browser;
  /** The built main process. */
  readonly main: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Told of every page as soon as there is one. */
  readonly onPage: (page: Page) => void;
}

/** A message box that waits for an answer. */
export interface OpenBox extends BoxFacts {
  /** @param button its words. */
  answer(button: string): void;
}

/** Something that the main process told the system. */
interface Told {
  readonly what: string;
  readonly value: unknown;
}

/** The desktop on which an application runs: its windows, its boxes, its menu, and the person before it. */
export class Desktop {
  /** The person's configuration and their session bus: a folder of this desktop's own. */
  readonly #folder: string;
  readonly #bus: SessionBus;
  readonly #options: DesktopOptions;
  readonly #context: BrowserContext;
  readonly #child: ChildProcess;
  readonly #peer: Peer;
  readonly #windows = new Map<number, DesktopWindow>();
  readonly #boxes: OpenBox[] = [];
  readonly #told: Told[] = [];
  readonly #exited: Promise<unknown[]>;
  #errors = '';
  /** All windows have the same preload. */
  #script: Promise<void> | null = null;

  /** Starts the application. */
  static async start(options: DesktopOptions): Promise<Desktop> {
    const context = await options.browser.newContext({ viewport: { width: 1280, height: 800 } });
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-desktop-'));
    const desktop = new Desktop(options, context, folder, await SessionBus.listen(join(folder, 'bus')));
    await context.exposeBinding(bindingName, ({ page, frame }, word: PageWord) =>
      desktop.#windowOf(page)?.hear(frame, word),
    );
    await context.route('**/*', (route) => desktop.#serve(route));
    desktop.#listen();
    return desktop;
  }

  private constructor(options: DesktopOptions, context: BrowserContext, folder: string, bus: SessionBus) {
    this.#folder = folder;
    this.#bus = bus;
    if (options.env.SIGNALBOX_DOUBLE_TRAY === 'missing') bus.host = 'missing';
    this.#options = options;
    this.#context = context;
    const register = join(import.meta.dirname, 'register.ts');
    const child = spawn(process.execPath, ['--import', register, options.main, ...options.args], {
      env: {
        ...options.env,
        XDG_CONFIG_HOME: this.configFolder,
        DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(folder, 'bus')}`,
      },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    this.#child = child;
    this.#exited = once(child, 'exit');
    child.stderr?.on('data', (data) => {
      this.#errors += String(data);
    });
    // Both ends may go away while the other one speaks.
    child.on('error', () => undefined);
    this.#peer = new Peer({
      send: (message) => {
        if (child.connected) child.send(message as object, () => undefined);
      },
      onMessage: (listener) => child.on('message', listener),
    });
  }

  /** Where the person's own configuration is. */
  get configFolder(): string {
    return join(this.#folder, 'config');
  }

  get pid(): number {
    return Number(this.#child.pid);
  }

  /** The exit code; null while it runs. */
  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  /** What it printed as an error. */
  get errors(): string {
    return this.#errors;
  }

  /** The pages of its windows that show something, oldest window first. */
  get pages(): readonly Page[] {
    return [...this.#windows.values()].flatMap(({ page, isReady }) => (isReady && page !== null ? page : []));
  }

  windows(): Promise<readonly WindowView[]> {
    return this.#peer.ask('user.windows') as Promise<readonly WindowView[]>;
  }

  /** What it told the system under this name, oldest first. */
  told(what: string): readonly unknown[] {
    return this.#told.filter((one) => one.what === what).map(({ value }) => value);
  }

  /** Waits for so many windows that show something. */
  async waitForWindows(count: number): Promise<readonly Page[]> {
    return until(
      `${count} windows`,
      () => {
        if (this.#child.exitCode !== null) throw new Error(`the application ended: ${this.#lastWords()}`);
        const { pages } = this;
        return pages.length === count ? pages : notYet({ windows: pages.length, errors: this.#errors });
      },
      20_000,
    );
  }

  /** Waits for the next message box. */
  nextBox(): Promise<OpenBox> {
    return until('a message box', () => this.#boxes.shift());
  }

  /** Does what a person does: `menu`, `close`, `openUrl`, `quit`, `maximize`, `setBounds` … */
  async user(what: string, ...values: unknown[]): Promise<unknown> {
    // What a box was answered just now is on its way first.
    await nextTurn();
    return this.#peer.ask(`user.${what}`, ...values);
  }

  /** Ends the process of a window's page, as if it had crashed. */
  async crash(page: Page): Promise<void> {
    await this.#windowOf(page)?.crash();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for the end of the application. @returns its exit code. */
  async ended(): Promise<number | null> {
    await until(
      'the end of the application',
      () => this.#child.exitCode ?? this.#child.signalCode ?? notYet(this.#errors),
      20_000,
    );
    return this.#child.exitCode;
  }

  /** Ends whatever is left. */
  async dispose(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), 15_000);
      await this.#exited;
      clearTimeout(timer);
    }
    await this.#context.close();
    await this.#bus.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #lastWords(): string {
    return `${this.#errors} ${JSON.stringify(this.told('errorBox'))}`;
  }

  #listen(): void {
    const peer = this.#peer;
    peer.handle('record', (what: string, value: unknown) => void this.#told.push({ what, value }));
    peer.handle('box', (facts: BoxFacts) => this.#showBox(facts));
    peer.handle('exit', () => undefined);
    peer.handle('window.create', (facts: WindowFacts) => this.#createWindow(facts));
    peer.handle('window.destroy', async (id: number) => {
      const window = this.#windows.get(id);
      this.#windows.delete(id);
      await window?.close();
    });
    peer.handle('page.load', (id: number, url: string) => this.#windows.get(id)?.load(url));
    peer.handle('page.reload', (id: number) => this.#windows.get(id)?.reload());
    peer.handle('page.crash', (id: number) => this.#windows.get(id)?.crash());
    peer.handle('page.send', (id: number, channel: string, values: unknown[]) => {
      this.#windows.get(id)?.deliver({ channel, values });
    });
  }

  #createWindow(facts: WindowFacts): Promise<void> {
    const window = new DesktopWindow(facts, this.#context, this.#peer, this.#options.onPage);
    this.#windows.set(facts.id, window);
    this.#script ??= this.#context.addInitScript({ content: pageScript(facts.preload) }).then(() => undefined);
    return window.open(this.#script);
  }

  #showBox(facts: BoxFacts): Promise<number> {
    return new Promise((resolve) => {
      const answer = (button: string) => {
        const index = facts.buttons.indexOf(button);
        if (index === -1) throw new Error(`the box has no button ${button}; it has ${facts.buttons.join(', ')}`);
        resolve(index);
      };
      this.#boxes.push({ ...facts, answer });
    });
  }

  #windowOf(page: Page): DesktopWindow | undefined {
    return [...this.#windows.values()].find((window) => window.page === page);
  }

  /** Everything that a page wants to load goes through the main process, or nowhere. */
  async #serve(route: Route): Promise<void> {
    const request = route.request();
    try {
      if (!(await this.#mayNavigate(route))) {
        await route.abort('aborted');
        return;
      }
      const asked = { url: request.url(), method: request.method(), headers: request.headers() };
      const response = (await this.#peer.ask('page.request', asked)) as PageResponse | null;
      if (response === null) await route.abort('blockedbyclient');
      else await route.fulfill({ ...response, body: Buffer.from(response.body) });
    } catch {
      // The page, or the application, has gone meanwhile.
      await route.abort('failed').catch(() => undefined);
    }
  }

  async #mayNavigate(route: Route): Promise<boolean> {
    const request = route.request();
    if (!request.isNavigationRequest()) return true;
    const frame = request.frame();
    const window = this.#windowOf(frame.page());
    const isMainFrame = frame.parentFrame() === null;
    // A page that no window shows was opened by a page.
    if (window === undefined) {
      const opener = this.#windowOf((await frame.page().opener()) ?? frame.page());
      const action = await this.#peer.ask('page.decideOpen', opener?.id ?? 0, toOwn(request.url()));
      if (action === 'deny') await frame.page().close();
      return action !== 'deny';
    }
    if (isMainFrame && window.isLoading) return true;
    return (await this.#peer.ask('page.mayNavigate', window.id, request.url(), isMainFrame)) === true;
  }
}
