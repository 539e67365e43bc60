import type { Section } from './line.ts';
import { open, shown } from './line.ts';

/** What a live dashboard has to do. */
export const liveDashboard: Section = {
  name: 'Live dashboard',
  lines: [
    open(
      'stable, distinct colours per agent (3) and per event kind',
      'colours tell states apart and signs tell events apart; agents are told apart by their names',
    ),
    shown(
      'nodes and edges created and serialised (4)',
      'store/traffic.test.ts',
      'R64 counts who talked to whom: the same as a plain recount of the events',
    ),
    shown('default and custom filters', 'renderer/runs/runs-query.test.ts', 'reads every kind of filter'),
    shown(
      'messages with tool calls',
      'renderer/run/timeline-rows.test.ts',
      'show turns of the agent, and its tool calls in them; a turn begins when it speaks after its calls',
    ),
    shown(
      'empty start; bounds 500/2,000/10,000',
      'renderer/api/event-window.test.ts',
      'a tail that goes on keeps the newest only, and says that there are older ones',
    ),
    shown('subscribe, unsubscribe', 'core/event-bus.test.ts', 'gets nothing more once it stopped, or once it failed'),
    shown(
      'agent start → active node and history',
      'renderer/run/run-stages.test.ts',
      'R63 draws every stage with its state, how long it takes and which attempt it is',
    ),
    open('stopped → grey with reason', 'only a test in a browser holds it: R35 in tests/e2e/control.spec.ts'),
    shown(
      'tool use → node and edge',
      'store/traffic.test.ts',
      'R64 of 5,000 edges to 1,000 tools the busiest are answered, within the bounds, and the rest is counted',
    ),
    shown(
      'shared context → dashed edge',
      'store/traffic.test.ts',
      'R64 outputs pass through an approval, and a rerun takes over from who completed them in the run before',
    ),
    shown(
      'error → red with message',
      'renderer/run/run-stages.test.ts',
      'shows which stage asks, and which one is stuck because its agent is in trouble',
    ),
    shown(
      'figures correct',
      'store/metrics.test.ts',
      'R56 R68 computes metrics from the rows: the same as a plain recount',
    ),
    shown('filter by run', 'core/event-bus.test.ts', 'gets only what it asked for'),
    shown(
      'transcript filter by agent',
      'renderer/events/event-filter.test.ts',
      'takes every part that is known and leaves out what is not',
    ),
    open(
      'an update reaches every window',
      'only a test in a browser holds it: R45 two windows, in tests/e2e/live.spec.ts',
    ),
    shown(
      'clean-up removes only what is old',
      'renderer/api/event-window.test.ts',
      'a tail that goes on keeps the newest only, and says that there are older ones',
    ),
    open('100 events < 5 s', 'the benchmark of the window measures thousands a second; no test holds a time'),
    shown('10 windows, unique ids', 'transport/web-socket.test.ts', 'R71 pages have a limit, said in a sentence'),
    shown(
      'bounded history',
      'renderer/logs/page-cache.test.ts',
      'R65 holds the same amount whatever the length of the log is',
    ),
    shown(
      'nodes do not overlap',
      'renderer/graph/place-stages.test.ts',
      'puts every stage to the right of all that it needs, and no two onto each other',
    ),
  ],
};
