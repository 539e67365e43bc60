import { desktop } from './desktop-link.ts';
import type { BoxFacts } from './wire.ts';

interface BoxOptions {
  readonly type?: string;
  readonly message: string;
  readonly detail?: string;
  readonly buttons?: readonly string[];
  readonly cancelId?: number;
  readonly signal?: AbortSignal;
}

/** Boxes are shown to the test, which answers them. */
export const dialog = {
  async showMessageBox(...values: unknown[]): Promise<{ response: number; checkboxChecked: boolean }> {
    const { type = 'none', message, detail = '', buttons = ['OK'], cancelId = 0, signal } = values.at(-1) as BoxOptions;
    const shown = desktop.ask('box', { type, message, detail, buttons } satisfies BoxFacts);
    const takenBack = new Promise<number>((resolve) => {
      signal?.addEventListener('abort', () => resolve(cancelId), { once: true });
    });
    return { response: Number(await Promise.race([shown, takenBack])), checkboxChecked: false };
  },
  showErrorBox(title: string, content: string): void {
    desktop.tell('record', 'errorBox', { title, content });
  },
};
