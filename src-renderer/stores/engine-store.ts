import { create } from 'zustand';

/** Whether this window hears the engine: only a connected window shows what is true now. */
export type EngineStatus = 'disconnected' | 'connecting' | 'connected';

interface EngineState {
  readonly status: EngineStatus;
}

/** The window's connection to the engine. */
export const useEngineStore = create<EngineState>()(() => ({ status: 'disconnected' }));
