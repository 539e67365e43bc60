import { dialog } from 'electron';
import type { ApiError } from '../contract/errors.ts';
import type { SteadyEngine } from '../reach/steady-engine.ts';
import { openSteadyEngine } from '../reach/steady-engine.ts';

/**
 * Opens the engine that the windows show; tells a person why there is none.
 * @returns null when Signalbox cannot start.
 */
export async function openApplicationEngine(dataFolder: string): Promise<SteadyEngine | null> {
  try {
    const opened = await openSteadyEngine({ dataFolder });
    if (opened.ok) return opened.value;
    tellFailure(opened.error);
  } catch (error) {
    tellFailure({
      message: `The engine failed unexpectedly: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Look into engine.log in the data folder; "signalbox doctor" in a terminal says what is broken.',
    });
  }
  return null;
}

/** Says what is in the way of starting, and what to do. */
export function tellFailure({ message, remedy }: Pick<ApiError, 'message' | 'remedy'>): void {
  dialog.showErrorBox('Signalbox cannot start', `${message}\n\n${remedy}`);
}
