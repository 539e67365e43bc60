import type { MenuItemConstructorOptions } from 'electron';

export interface MenuOptions {
  readonly isMac: boolean;
  /** Whether the tools for developers are offered. */
  readonly isDeveloped: boolean;
  readonly openWindow: () => void;
  readonly goTo: (route: string) => void;
  readonly checkForUpdates: () => void;
}

/** Views with a place in the menu, in the order of the rail. */
const menuViews = [
  ['Overview', '/'],
  ['Runs', '/runs'],
  ['Queue', '/queue'],
  ['Agents', '/agents'],
  ['Workflows', '/workflows'],
  ['Schedules', '/schedules'],
  ['Inbox', '/inbox'],
  ['Messages', '/messages'],
  ['Events', '/events'],
  ['Metrics', '/metrics'],
] as const;

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The application's menu, with the shortcuts that each system's people know. */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const { isMac, isDeveloped, openWindow, goTo, checkForUpdates } = options;
  const settings: MenuItemConstructorOptions = {
    label: 'Settings…',
    accelerator: 'CmdOrCtrl+,',
    click: () => goTo('/settings'),
  };
  const views = viewItems(goTo);
  const tools: MenuItemConstructorOptions[] = isDeveloped ? [{ role: 'toggleDevTools' }] : [];
  const fileEnd: MenuItemConstructorOptions[] = [
    separator,
    settings,
    separator,
    { role: 'quit', accelerator: 'CmdOrCtrl+Q' },
  ];
  const updates: MenuItemConstructorOptions = { label: 'Check for Updates…', click: checkForUpdates };
  const help: MenuItemConstructorOptions = { role: 'help', submenu: [updates, separator, { role: 'about' }] };
  return [
    ...(isMac ? [applicationMenu(settings, updates)] : []),
    {
      label: '&File',
      submenu: [
        { label: 'New Window', accelerator: 'CmdOrCtrl+N', click: openWindow },
        { role: 'close', accelerator: 'CmdOrCtrl+W' },
        ...(isMac ? [] : fileEnd),
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...views,
        separator,
        { role: 'reload' },
        ...tools,
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    ...(isMac ? [] : [help]),
  ];
}

function applicationMenu(
  settings: MenuItemConstructorOptions,
  updates: MenuItemConstructorOptions,
): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      updates,
      separator,
      settings,
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
}

function viewItems(goTo: (route: string) => void): MenuItemConstructorOptions[] {
  return menuViews.map(([label, route], index) => ({
    label,
    // There are nine digits; the tenth, 0, is that of the usual zoom.
    ...(index < 9 ? { accelerator: `CmdOrCtrl+${index + 1}` } : {}),
    click: () => goTo(route),
  }));
}
