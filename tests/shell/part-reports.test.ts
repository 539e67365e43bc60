import { expect, test } from 'vitest';
import type { EngineState } from '../../src-main/reach/steady-engine.ts';
import { createPartReports } from '../../src-main/shell/part-reports.ts';

const trouble = { message: 'There is no tray.', remedy: 'Install one.' };

function scriptedEngine() {
  const calls: unknown[] = [];
  let tell: (state: EngineState) => void = () => {};
  return {
    calls,
    change: (role: EngineState['role']) =>
      tell((role === 'lost' ? { role, pid: null } : { role, pid: 7 }) as EngineState),
    engine: {
      served: {
        call: async (_name: string, input: unknown) => {
          calls.push(input);
          return { ok: true as const, value: {} };
        },
        follow: () => {
          throw new Error('nothing is followed');
        },
      },
      onState(listener: (state: EngineState) => void) {
        tell = listener;
        return () => {};
      },
    },
  };
}

test('R48 trouble of a part is told once, and once that it is over', () => {
  const { engine, calls } = scriptedEngine();
  const reports = createPartReports(engine);
  reports.report('tray', null);
  reports.report('tray', trouble);
  reports.report('tray', { ...trouble });
  expect(reports.has(trouble.message)).toBe(true);
  reports.report('tray', null);
  reports.report('tray', null);
  expect(calls).toEqual([
    { part: 'tray', trouble },
    { part: 'tray', trouble: null },
  ]);
  expect(reports.has(trouble.message)).toBe(false);
});

test('another engine is told what holds', () => {
  const { engine, calls, change } = scriptedEngine();
  const reports = createPartReports(engine);
  reports.report('tray', trouble);
  reports.report('notifications', trouble);
  reports.report('notifications', null);
  calls.length = 0;
  change('lost');
  expect(calls).toEqual([]);
  change('host');
  expect(calls).toEqual([{ part: 'tray', trouble }]);
});
