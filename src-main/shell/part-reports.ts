import type { ApiInput } from '../contract/api.ts';
import type { DesktopPart } from '../contract/api-engine.ts';
import type { SteadyEngine } from '../reach/steady-engine.ts';

/** What is wrong with a part of the desktop, and what to do; null: it works. */
export type PartTrouble = ApiInput<'reportPart'>['trouble'];

/** Tells the engine which parts of the desktop are in trouble, so that its health shows them. */
export interface PartReports {
  /** Told once: the same again is not. */
  report(part: DesktopPart, trouble: PartTrouble): void;
  /** Whether a text of health is one of these reports. */
  has(message: string): boolean;
}

/** Another engine is told again what holds: it knows nothing of what the one before was told. */
export function createPartReports(engine: Pick<SteadyEngine, 'served' | 'onState'>): PartReports {
  const troubles = new Map<DesktopPart, NonNullable<PartTrouble>>();

  function send(part: DesktopPart, trouble: PartTrouble): void {
    // While there is no engine nobody shows health; the next one is told.
    void engine.served.call('reportPart', { part, trouble });
  }

  engine.onState(({ role }) => {
    if (role === 'lost') return;
    for (const [part, trouble] of troubles) send(part, trouble);
  });

  return {
    report(part, trouble) {
      const before = troubles.get(part) ?? null;
      if (before?.message === trouble?.message) return;
      if (trouble === null) troubles.delete(part);
      else troubles.set(part, trouble);
      send(part, trouble);
    },
    has: (message) => [...troubles.values()].some((trouble) => trouble.message === message),
  };
}
