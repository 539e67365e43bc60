import type { BrowserContext, Frame, Page } from '@playwright/test';
import type { Answer, Delivery, PageWord } from './page-script.ts';
import type { Peer } from './peer.ts';
import type { WindowFacts } from './wire.ts';
import { toStandIn } from './wire.ts';

/** One window: a page, and another one after it has crashed. */
export class DesktopWindow {
  readonly id: number;
  readonly #facts: WindowFacts;
  readonly #context: BrowserContext;
  readonly #peer: Peer;
  readonly #onPage: (page: Page) => void;
  #page: Page | null = null;
  #opened: Promise<void> = Promise.resolve();
  #loading = 0;
  #url = '';
  #isReady = false;
  #isClosed = false;
  #isCrashed = false;
  /** What the page has not fetched yet, and the page that waits for it. */
  #queue: Delivery[number][] = [];
  #fetching: ((delivery: Delivery) => void) | null = null;

  constructor(facts: WindowFacts, context: BrowserContext, peer: Peer, onPage: (page: Page) => void) {
    this.id = facts.id;
    this.#facts = facts;
    this.#context = context;
    this.#peer = peer;
    this.#onPage = onPage;
  }

  /** Null until it is there, and while a crashed one is replaced. */
  get page(): Page | null {
    return this.#page;
  }

  /** Whether its first document is there. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Whether the main process loads a page now: nothing that a page does counts as that. */
  get isLoading(): boolean {
    return this.#loading > 0;
  }

  /** Opens its page, after what every page of the application needs is there. */
  open(prepared: Promise<void> = Promise.resolve()): Promise<void> {
    this.#opened = prepared.then(() => this.#openPage());
    return this.#opened;
  }

  async #openPage(): Promise<void> {
    const page = await this.#context.newPage();
    this.#page = page;
    this.#onPage(page);
    await page.setViewportSize({ width: this.#facts.width, height: this.#facts.height });
    page.on('crash', () => this.#peer.tell('page.gone', this.id));
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame() && this.#isReady) this.#peer.tell('page.moved', this.id, frame.url());
    });
    page.on('domcontentloaded', () => {
      if (this.#isReady || page.url() === 'about:blank') return;
      this.#isReady = true;
      this.#peer.tell('page.ready', this.id);
    });
  }

  async load(url: string): Promise<void> {
    this.#url = toStandIn(url);
    await this.#opened;
    await this.#whileLoading(async () => {
      await this.#page?.goto(this.#url);
    });
  }

  /** A crashed page cannot be loaded again: another one takes its place. */
  async reload(): Promise<void> {
    await this.#opened;
    const address = this.#page?.url() ?? this.#url;
    if (this.#isCrashed) {
      this.#isCrashed = false;
      const crashed = this.#page;
      await this.open();
      await crashed?.close();
      await this.#whileLoading(async () => {
        await this.#page?.goto(address);
      });
      return;
    }
    await this.#whileLoading(async () => {
      await this.#page?.reload();
    });
  }

  async crash(): Promise<void> {
    const page = this.#page;
    if (page === null) return;
    this.#isCrashed = true;
    this.#isReady = false;
    const crashed = page.waitForEvent('crash');
    const session = await this.#context.newCDPSession(page);
    // It is answered by nobody.
    session.send('Page.crash').catch(() => undefined);
    await crashed;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#fetching?.([]);
    await this.#opened;
    await this.#page?.close();
  }

  deliver(message: Delivery[number]): void {
    this.#queue.push(message);
    this.#flush();
  }

  /** Answers what the page's script says. */
  async hear(frame: Frame, word: PageWord): Promise<unknown> {
    switch (word.say) {
      case 'document':
        this.#queue = [];
        this.#fetching = null;
        await this.#peer.ask('page.navigated', this.id, frame.url());
        return undefined;
      case 'next':
        return new Promise<Delivery>((resolve) => {
          this.#fetching = resolve;
          this.#flush();
        });
      default:
        return this.#pass(frame, word);
    }
  }

  async #pass(frame: Frame, { say, channel, values }: Extract<PageWord, { channel: string }>): Promise<Answer> {
    const origin = new URL(frame.url()).origin;
    const isMainFrame = frame.parentFrame() === null;
    try {
      const value = await this.#peer.ask('page.message', {
        windowId: this.id,
        kind: say,
        channel,
        values,
        origin,
        isMainFrame,
      });
      return { value };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  #flush(): void {
    if (this.#fetching === null || this.#queue.length === 0) return;
    const fetch = this.#fetching;
    this.#fetching = null;
    fetch(this.#queue.splice(0));
  }

  async #whileLoading(load: () => Promise<void>): Promise<void> {
    this.#loading += 1;
    try {
      await load();
    } catch (error) {
      if (!this.#isClosed) throw error;
    } finally {
      this.#loading -= 1;
    }
  }
}
