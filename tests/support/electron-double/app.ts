import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { desktop } from './desktop-link.ts';
import { InstanceLock } from './instance-lock.ts';
import { preventable } from './preventable.ts';

interface ClosableWindow {
  close(): void;
  isDestroyed(): boolean;
}

class App extends EventEmitter {
  readonly isPackaged = true;
  readonly name = 'Signalbox';
  readonly #paths = new Map<string, string>([
    ['userData', join(tmpdir(), 'signalbox-electron-double')],
    ['downloads', join(tmpdir(), 'signalbox-electron-double', 'downloads')],
  ]);
  readonly #windows = new Set<ClosableWindow>();
  readonly #lock = new InstanceLock((argv) => this.emit('second-instance', preventable(), argv, process.cwd(), null));
  #isSandboxed = false;

  /** Not until the main module was loaded, as the real one. */
  whenReady(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  isReady(): boolean {
    return true;
  }

  enableSandbox(): void {
    this.#isSandboxed = true;
  }

  /** For tests: whether all pages were put into the sandbox. */
  get isSandboxed(): boolean {
    return this.#isSandboxed;
  }

  getPath(name: string): string {
    const path = this.#paths.get(name);
    if (path === undefined) throw new Error(`the double has no path ${name}`);
    return path;
  }

  setPath(name: string, path: string): void {
    mkdirSync(path, { recursive: true });
    this.#paths.set(name, path);
  }

  requestSingleInstanceLock(): boolean {
    return this.#lock.take(this.getPath('userData'), process.argv);
  }

  /** Of Windows alone. */
  setAppUserModelId(id: string): void {
    desktop.tell('record', 'appUserModelId', id);
  }

  setAsDefaultProtocolClient(scheme: string): boolean {
    desktop.tell('record', 'defaultProtocolClient', scheme);
    return true;
  }

  setBadgeCount(count: number): boolean {
    desktop.tell('record', 'badge', count);
    return true;
  }

  getVersion(): string {
    return '0.0.0';
  }

  /** Windows close first, and any of them may stay. */
  quit(): void {
    setImmediate(() => {
      const before = preventable();
      this.emit('before-quit', before);
      if (before.defaultPrevented) return;
      for (const window of this.#windows) window.close();
      if (this.#windows.size > 0) return;
      this.emit('will-quit', preventable());
      this.exit(0);
    });
  }

  exit(code = 0): void {
    this.#lock.release();
    this.emit('quit', preventable(), code);
    void desktop.ask('exit', code).finally(() => process.exit(code));
  }

  /** For the double's windows. */
  addWindow(window: ClosableWindow): void {
    this.#windows.add(window);
  }

  removeWindow(window: ClosableWindow): void {
    this.#windows.delete(window);
    if (this.#windows.size > 0) return;
    if (this.listenerCount('window-all-closed') === 0) this.quit();
    else this.emit('window-all-closed');
  }
}

export const app = new App();

desktop.handle('user.openUrl', (url: string) => app.emit('open-url', preventable(), url));
desktop.handle('user.quit', () => app.quit());
