import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { desktop } from './desktop-link.ts';
import type { MenuFacts } from './wire.ts';

interface ItemOptions {
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly accelerator?: string;
  readonly enabled?: boolean;
  readonly submenu?: readonly ItemOptions[] | Menu;
  readonly click?: () => void;
}

/** What the roles do that matter to the application. */
const roles: Readonly<Record<string, () => void>> = {
  quit: () => app.quit(),
  close: () => BrowserWindow.getFocusedWindow()?.close(),
  reload: () => BrowserWindow.getFocusedWindow()?.webContents.reload(),
  minimize: () => BrowserWindow.getFocusedWindow()?.minimize(),
};

export class MenuItem {
  readonly options: ItemOptions;
  readonly submenu: Menu | null;

  constructor(options: ItemOptions) {
    this.options = options;
    const { submenu } = options;
    this.submenu =
      submenu === undefined || submenu instanceof Menu ? (submenu ?? null) : Menu.buildFromTemplate(submenu);
  }

  get name(): string {
    // One ampersand marks a key; two are one.
    return (this.options.label ?? this.options.role ?? '').replace(/&(&?)/g, '$1');
  }

  click(): void {
    const { click, role = '' } = this.options;
    if (click !== undefined) click();
    else roles[role]?.();
  }

  facts(): MenuFacts {
    const { role = null, accelerator = null } = this.options;
    return { label: this.name, role, accelerator, items: this.submenu?.facts() ?? [] };
  }
}

export class Menu {
  static #application: Menu | null = null;
  readonly items: readonly MenuItem[];

  constructor(items: readonly MenuItem[] = []) {
    this.items = items;
  }

  static buildFromTemplate(template: readonly ItemOptions[]): Menu {
    return new Menu(template.map((options) => new MenuItem(options)));
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu;
    desktop.tell('record', 'menu', menu?.facts() ?? []);
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#application;
  }

  /** Finds an item by the names on the way to it. */
  find([name, ...rest]: readonly string[]): MenuItem {
    const item = this.items.find((one) => one.name === name);
    if (item === undefined)
      throw new Error(`the menu has no item ${name}; it has ${this.items.map((one) => one.name)}`);
    if (rest.length === 0) return item;
    if (item.submenu === null) throw new Error(`${name} is no menu`);
    return item.submenu.find(rest);
  }

  facts(): readonly MenuFacts[] {
    return this.items.filter(({ options }) => options.type !== 'separator').map((item) => item.facts());
  }
}

desktop.handle('user.menu', (path: string[]) => Menu.getApplicationMenu()?.find(path).click());
