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

/** Newer versions of the application. */
export interface Updates {
  /** What holds for looking by itself. */
  setMode(mode: DesktopSettings['updates']): void;
  /** A person wants to know now, and is answered. */
  checkNow(): Promise<void>;
  stop(): void;
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
 * Looks for newer versions on its own, as far as the person wants, and when they ask. Nothing of it touches live work: what was
 * fetched is put in place after the application has ended, and ending asks.
 */
export function createUpdates(dependencies: UpdatesDependencies): Updates {
  const { source, version: current, loadUpdater, after, box, tell, report, quit } = dependencies;
  let mode: DesktopSettings['updates'] = 'off';
  let stopTimer = () => {};
  let updater: Promise<Updater> | null = null;
  /** What was fetched. */
  let ready: string | null = null;
  /** What could not be verified is not fetched again by itself. */
  let refused: string | null = null;
  /** One at a time: who asks meanwhile is given its answer. */
  let looking: Promise<Found> | null = null;
  let downloading: Promise<Found> | null = null;
  let isCheckedByPerson = false;

  function load(): Promise<Updater> {
    updater ??= loadUpdater();
    updater.catch(() => {
      updater = null;
    });
    return updater;
  }

  async function find(): Promise<Found> {
    try {
      const version = await (await load()).find();
      if (version === null || version === current) return settled({ kind: 'none' });
      if (!isNewer(version, current)) {
        const message = `Version ${version} is offered, which is not newer than this one, ${current}.`;
        return settled({ kind: 'refused', message, remedy: getElsewhere });
      }
      return settled({ kind: version === ready ? 'ready' : 'found', version });
    } catch (error) {
      return settled(troubleOf('Looking for updates', error));
    }
  }

  async function fetchIt(version: string): Promise<Found> {
    try {
      await (await load()).download();
      ready = version;
      return settled({ kind: 'ready', version });
    } catch (error) {
      const found = troubleOf(`Fetching version ${version}`, error);
      if (found.kind === 'refused') refused = version;
      return settled(found);
    }
  }

  /** Health shows what went wrong, until it goes well. */
  function settled(found: Found): Found {
    if (found.kind === 'refused' || found.kind === 'failed') {
      report({ message: cut(found.message), remedy: cut(found.remedy) });
    } else if (found.kind !== 'found' || found.version !== refused) {
      report(null);
    }
    return found;
  }

  function look(): Promise<Found> {
    looking ??= find().finally(() => {
      looking = null;
    });
    return looking;
  }

  function download(version: string): Promise<Found> {
    downloading ??= fetchIt(version).finally(() => {
      downloading = null;
    });
    return downloading;
  }

  async function lookAlone(): Promise<void> {
    const found = await look();
    // Who asked for it themselves is being told in a box.
    if (isCheckedByPerson || mode === 'off') return;
    if (found.kind === 'refused') tell(refusedNews(found.message));
    if (found.kind !== 'found' || found.version === refused) return;
    if (mode === 'tell') {
      tell(foundNews(found.version, current));
      return;
    }
    const fetched = await download(found.version);
    if (isCheckedByPerson) return;
    if (fetched.kind === 'ready') tell(readyNews(fetched.version));
    if (fetched.kind === 'refused') tell(refusedNews(fetched.message));
  }

  function lookIn(ms: number): void {
    stopTimer();
    stopTimer = after(ms, () => {
      lookIn(lookEveryMs);
      void lookAlone();
    });
  }

  async function answer(found: Found): Promise<void> {
    switch (found.kind) {
      case 'none':
        await box({
          type: 'info',
          message: 'Signalbox is up to date.',
          detail: `This is version ${current}.`,
          buttons: ['OK'],
        });
        return;
      case 'found': {
        const message = `Signalbox ${found.version} can be had.`;
        const detail = `This is version ${current}. Fetching it interrupts nothing; it is put in place when Signalbox has ended.`;
        const chosen = await box({ type: 'info', message, detail, buttons: ['Download', 'Later'] });
        if (chosen === 'Download') await answer(await download(found.version));
        return;
      }
      case 'ready': {
        const message = `Signalbox ${found.version} is ready.`;
        const detail =
          'It is put in place when Signalbox has ended. Restarting now asks first what becomes of live work.';
        const chosen = await box({ type: 'info', message, detail, buttons: ['Restart now', 'When I quit'] });
        if (chosen !== 'Restart now') return;
        const loaded = await load();
        quit(() => loaded.installAndRestart());
        return;
      }
      case 'refused':
      case 'failed':
        await box({ type: 'error', message: found.message, detail: found.remedy, buttons: ['OK'] });
    }
  }

  return {
    setMode(next) {
      if (next === mode) return;
      mode = next;
      stopTimer();
      if (mode !== 'off' && source.kind === 'self') lookIn(firstLookMs);
    },
    async checkNow() {
      if (isCheckedByPerson) return;
      isCheckedByPerson = true;
      try {
        if (source.kind === 'self') await answer(await look());
        else await box({ type: 'info', message: source.said, detail: `This is version ${current}.`, buttons: ['OK'] });
      } finally {
        isCheckedByPerson = false;
      }
    },
    stop() {
      mode = 'off';
      stopTimer();
    },
  };
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
