import type { MessageBoxOptions } from 'electron';
import { BrowserWindow, dialog } from 'electron';
import type { LiveWork, QuitChoice } from './quitting.ts';

const choices = ['wait', 'park', 'stop', 'stay'] as const satisfies readonly QuitChoice[];

/** Asks what becomes of live work. */
export async function askBeforeQuitting(work: LiveWork): Promise<QuitChoice> {
  const question = quitQuestion(work);
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const { response } = await (window === undefined
    ? dialog.showMessageBox(question)
    : dialog.showMessageBox(window, question));
  return choices[response] ?? 'stay';
}

function quitQuestion(work: LiveWork): MessageBoxOptions {
  return {
    type: 'question',
    title: 'Quit Signalbox',
    message: `${describe(work)} under way. What shall become of it?`,
    detail: [
      'Wait: what runs now is finished first, and nothing new is started. Quit again to wait no longer.',
      'Park: what runs now is interrupted, and done again at the next start.',
      'Stop: everything that has not ended is cancelled.',
    ].join('\n'),
    buttons: ['Wait', 'Park', 'Stop', 'Do not quit'],
    defaultId: 1,
    cancelId: 3,
    noLink: true,
  };
}

function describe({ runs, attempts }: LiveWork): string {
  const parts = [count(runs, 'run'), count(attempts, 'task')].filter((part) => part !== null);
  return `${parts.join(' and ')} ${runs + attempts === 1 ? 'is' : 'are'}`;
}

function count(number: number, word: string): string | null {
  if (number === 0) return null;
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
