import type { EngineStatus } from './stores/engine-store.ts';
import { useEngineStore } from './stores/engine-store.ts';

const STATUS_TEXT: Record<EngineStatus, string> = {
  disconnected: 'Not connected to the engine',
  connecting: 'Connecting to the engine …',
  connected: 'Connected',
};

/** The window's frame. */
export function App() {
  const status = useEngineStore((state) => state.status);
  return (
    <main>
      <h1>Signalbox</h1>
      <p role="status">{STATUS_TEXT[status]}</p>
    </main>
  );
}
