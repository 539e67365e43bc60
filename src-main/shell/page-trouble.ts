import type { BrowserWindow, RenderProcessGoneDetails } from 'electron';
import { dialog } from 'electron';
import { createReloadBudget } from './reload-budget.ts';

/** Looks after a window whose page dies or hangs. The engine's work is in this process, and is not touched by either. */
export function watchPage(window: BrowserWindow): void {
  const mayReload = createReloadBudget(() => performance.now());
  window.webContents.on('render-process-gone', (_event, details) => {
    if (window.isDestroyed() || details.reason === 'clean-exit') return;
    if (mayReload()) window.webContents.reload();
    else void askAfterDeaths(window, details);
  });

  let answered: AbortController | null = null;
  window.on('unresponsive', () => {
    if (answered !== null) return;
    answered = new AbortController();
    void askWhileHanging(window, answered.signal).finally(() => {
      answered = null;
    });
  });
  window.on('responsive', () => answered?.abort());
}

async function askAfterDeaths(window: BrowserWindow, { reason, exitCode }: RenderProcessGoneDetails): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    title: 'Signalbox',
    message: 'The window ended unexpectedly several times.',
    detail: `Reason: ${reason}, exit code ${exitCode}. Work goes on without the window. Load it again, or close it and open another one from the menu.`,
    buttons: ['Load again', 'Close window'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  if (window.isDestroyed()) return;
  if (response === 0) window.webContents.reload();
  else window.close();
}

/** @param signal takes the question back: the page goes on by itself. */
async function askWhileHanging(window: BrowserWindow, signal: AbortSignal): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    title: 'Signalbox',
    message: 'The window does not respond.',
    detail: 'Work goes on without it. Wait until it responds, or load it again.',
    buttons: ['Wait', 'Load again'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
    signal,
  });
  // A page that hangs ends only by force.
  if (response !== 1 || signal.aborted || window.isDestroyed()) return;
  window.webContents.forcefullyCrashRenderer();
  window.webContents.reload();
}
