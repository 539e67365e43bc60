import type { DesktopSettings } from '../../contract/desktop-settings.ts';
import type { News } from '../notices/notice.ts';
import type { PartTrouble } from '../part-reports.ts';
import { isNewer } from './newer-version.ts';
import type { UpdateSource } from './update-source.ts';

/** What looks for newer versions and brings them. Its promises reject with what went wrong. */
export interface Updater {
  /** @returns the version that can be had; null: none that is newer. */
  find(): Promise<string | null>;
  /** Fetches what was found, and checks it. It is put in place when the application has ended. */
  download(): Promise<void>;
  /** Puts it in place and starts it. Only when everything else has ended: it ends this process. */
  installAndRestart(): void;
}

/** What a person is asked or told in a box. @returns the button that was chosen. */
export type UpdateBox = <B extends string>(box: {
  readonly type: 'info' | 'error';
  readonly message: string;
  readonly detail: string;
  /** The last one is chosen by closing the box. */
  readonly buttons: readonly [B, ...B[]];
}) => Promise<B>;

export interface UpdatesDependencies {
  readonly source: UpdateSource;
  /** Of this Signalbox. */
  readonly version: string;
  /** Loaded when it is needed for the first time. */
  readonly loadUpdater: () => Promise<Updater>;
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly box: UpdateBox;
  readonly tell: (news: News) => void;
  readonly report: (trouble: PartTrouble) => void;
  /** Quits as a person does, with the question about live work, and then goes on with what it is given. */
  readonly quit: (instead: () => void) => void;
}

/** A start has enough to do. */
export const firstLookMs = 60_000;
export const lookEveryMs = 6 * 60 * 60_000;

/** How a look ended. */
type Found =
  | { readonly kind: 'none' }
  | { readonly kind: 'found' | 'ready'; readonly version: string }
  | { readonly kind: 'refused' | 'failed'; readonly message: string; readonly remedy: string };

const tryLater = 'Signalbox tries again by itself. If this goes on, look at the connection to the network.';
const getElsewhere =
  'It was not installed. Wait for the next release, or install it by hand from where you got this one.';

/**
 * Looks for newer versions on its own, as far as the person wants, and when they ask. Nothing of it touches live work:
 * what was fetched is put in place after the application has ended, and ending asks.
 */
export class Updates {
  readonly #deps: UpdatesDependencies;
  #mode: DesktopSettings['updates'] = 'off';
  #stopTimer = () => {};
  #updater: Promise<Updater> | null = null;
  /** What was fetched. */
  #ready: string | null = null;
  /** What could not be verified is not fetched again by itself. */
  #refused: string | null = null;
  /** One at a time: who asks meanwhile is given its answer. */
  #looking: Promise<Found> | null = null;
  #downloading: Promise<Found> | null = null;
  #isCheckedByPerson = false;

  constructor(deps: UpdatesDependencies) {
    this.#deps = deps;
  }

  /** What holds for looking by itself. */
  setMode(mode: DesktopSettings['updates']): void {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#stopTimer();
    if (mode !== 'off' && this.#deps.source.kind === 'self') this.#lookIn(firstLookMs);
  }

  /** A person wants to know now, and is answered. */
  async checkNow(): Promise<void> {
    if (this.#isCheckedByPerson) return;
    const { source, version } = this.#deps;
    this.#isCheckedByPerson = true;
    try {
      if (source.kind === 'self') await this.#answer(await this.#look());
      else await this.#say('info', source.said, `This is version ${version}.`);
    } finally {
      this.#isCheckedByPerson = false;
    }
  }

  stop(): void {
    this.#mode = 'off';
    this.#stopTimer();
  }

  #load(): Promise<Updater> {
    this.#updater ??= this.#deps.loadUpdater();
    this.#updater.catch(() => {
      this.#updater = null;
    });
    return this.#updater;
  }

  #look(): Promise<Found> {
    this.#looking ??= this.#find().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #find(): Promise<Found> {
    const { version: current } = this.#deps;
    try {
      const version = await (await this.#load()).find();
      if (version === null || version === current) return this.#settled({ kind: 'none' });
      if (!isNewer(version, current)) {
        const message = `Version ${version} is offered, which is not newer than this one, ${current}.`;
        return this.#settled({ kind: 'refused', message, remedy: getElsewhere });
      }
      return this.#settled({ kind: version === this.#ready ? 'ready' : 'found', version });
    } catch (error) {
      return this.#settled(troubleOf('Looking for updates', error));
    }
  }

  #download(version: string): Promise<Found> {
    this.#downloading ??= this.#fetch(version).finally(() => {
      this.#downloading = null;
    });
    return this.#downloading;
  }

  async #fetch(version: string): Promise<Found> {
    try {
      await (await this.#load()).download();
      this.#ready = version;
      return this.#settled({ kind: 'ready', version });
    } catch (error) {
      const found = troubleOf(`Fetching version ${version}`, error);
      if (found.kind === 'refused') this.#refused = version;
      return this.#settled(found);
    }
  }

  /** Health shows what went wrong, until it goes well. */
  #settled(found: Found): Found {
    if (found.kind === 'refused' || found.kind === 'failed') {
      this.#deps.report({ message: cut(found.message), remedy: cut(found.remedy) });
    } else if (found.kind !== 'found' || found.version !== this.#refused) {
      this.#deps.report(null);
    }
    return found;
  }

  #lookIn(ms: number): void {
    this.#stopTimer();
    this.#stopTimer = this.#deps.after(ms, () => {
      this.#lookIn(lookEveryMs);
      void this.#lookAlone();
    });
  }

  async #lookAlone(): Promise<void> {
    const { version: current, tell } = this.#deps;
    const found = await this.#look();
    // Who asked for it themselves is being told in a box.
    if (this.#isCheckedByPerson || this.#mode === 'off') return;
    if (found.kind === 'refused') tell(refusedNews(found.message));
    if (found.kind !== 'found' || found.version === this.#refused) return;
    if (this.#mode === 'tell') {
      tell(foundNews(found.version, current));
      return;
    }
    const fetched = await this.#download(found.version);
    if (this.#isCheckedByPerson) return;
    if (fetched.kind === 'ready') tell(readyNews(fetched.version));
    if (fetched.kind === 'refused') tell(refusedNews(fetched.message));
  }

  async #answer(found: Found): Promise<void> {
    const { version: current } = this.#deps;
    switch (found.kind) {
      case 'none':
        return this.#say('info', 'Signalbox is up to date.', `This is version ${current}.`);
      case 'found':
        return this.#offer(found.version);
      case 'ready':
        return this.#offerRestart(found.version);
      case 'refused':
      case 'failed':
        return this.#say('error', found.message, found.remedy);
    }
  }

  async #offer(version: string): Promise<void> {
    const { box, version: current } = this.#deps;
    const message = `Signalbox ${version} can be had.`;
    const detail = `This is version ${current}. Fetching it interrupts nothing; it is put in place when Signalbox has ended.`;
    const chosen = await box({ type: 'info', message, detail, buttons: ['Download', 'Later'] });
    if (chosen === 'Download') await this.#answer(await this.#download(version));
  }

  async #offerRestart(version: string): Promise<void> {
    const { box, quit } = this.#deps;
    const message = `Signalbox ${version} is ready.`;
    const detail = 'It is put in place when Signalbox has ended. Restarting now asks first what becomes of live work.';
    const chosen = await box({ type: 'info', message, detail, buttons: ['Restart now', 'When I quit'] });
    if (chosen !== 'Restart now') return;
    const updater = await this.#load();
    quit(() => updater.installAndRestart());
  }

  async #say(type: 'info' | 'error', message: string, detail: string): Promise<void> {
    await this.#deps.box({ type, message, detail, buttons: ['OK'] });
  }
}

/** What the updater says when a file, or what is said of it, is not what was signed or summed up. */
const unverified = new Set([
  'ERR_CHECKSUM_MISMATCH',
  'ERR_UPDATER_INVALID_SIGNATURE',
  'ERR_UPDATER_INVALID_UPDATE_INFO',
  'ERR_UPDATER_INVALID_VERSION',
  'ERR_UPDATER_NO_CHECKSUM',
]);

function troubleOf(what: string, error: unknown): Extract<Found, { kind: 'refused' | 'failed' }> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [said = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  // A Mac's own updater has no codes.
  if (unverified.has(code) || /code signature|did not pass validation/i.test(said)) {
    return {
      kind: 'refused',
      message: `The update could not be verified and was refused: ${said}`,
      remedy: getElsewhere,
    };
  }
  return { kind: 'failed', message: `${what} failed: ${said}`, remedy: tryLater };
}

/** What a report may hold. */
const mostOfReport = 500;

function cut(text: string): string {
  return text.length <= mostOfReport ? text : `${text.slice(0, mostOfReport - 1)}…`;
}

const updateNews = { reason: 'update', seq: null, noun: 'update', thing: null, route: '/settings/about' } as const;

function foundNews(version: string, current: string): News {
  const body = `You have ${current}. "Check for Updates…" in the menu fetches it.`;
  return { ...updateNews, key: `update:${version}`, title: `Signalbox ${version} can be had`, body };
}

function readyNews(version: string): News {
  const body = 'It is put in place when you quit. Nothing that runs is interrupted.';
  return { ...updateNews, key: `update:${version}:ready`, title: `Signalbox ${version} is ready`, body };
}

function refusedNews(message: string): News {
  return {
    ...updateNews,
    key: `update:refused:${message.slice(0, 200)}`,
    title: 'An update was refused',
    body: message,
  };
}
