import type { Section } from './line.ts';
import { open, shown } from './line.ts';

/** What lets it be left alone. */
export const leftAlone: Section = {
  name: 'Left alone',
  lines: [
    shown(
      'accepts and never answers: stuck within N + 2 s, killed with its descendants, tried again',
      'scenarios/stuck.test.ts',
      'R18 is flagged within N + 2 s, killed with its descendants, and its task is tried again and completes',
    ),
    shown(
      'stuck twice in a row: set aside for a person, who lets it go on',
      'core/watchdog.test.ts',
      'R18 pauses its run with the reason; resumed by a person it goes on and completes',
    ),
    shown(
      'silent but computing: shown, not stopped',
      'scenarios/stuck.test.ts',
      'R18 but computes stays at notice, and completes',
    ),
    shown(
      'heartbeats are not activity',
      'scenarios/stuck.test.ts',
      'R18 although it gives signs of life, and ends its turn when it is asked to: its process stays',
    ),
    shown(
      'heartbeats as long as the process can run, whatever the work does',
      'agents/host/serve-host.test.ts',
      'R26 and beats as long as it can run: not while it is suspended',
    ),
    shown(
      'an engine that stood still takes nobody for stale',
      'core/orchestrator-agents.test.ts',
      'R27 takes nobody for stale after it has itself stood still: it first hears what they said meanwhile',
    ),
    shown(
      'a run that nothing carries on is found and carried on',
      'core/forgotten-runs.test.ts',
      'R18 whose task ended unheard is carried on, and the log says so',
    ),
    shown(
      'breaker of a provider: shared by its agents',
      'core/orchestrator-breakers.test.ts',
      'is shared by its agents, which it holds back together',
    ),
    shown(
      'breaker over a restart: open for the rest of its time',
      'core/orchestrator-breakers.test.ts',
      'stays open over a restart, for the rest of its time',
    ),
    shown(
      'a used-up quota parks work without blame',
      'scenarios/breakers.test.ts',
      'R59 a quota that an agent of the protocol %s has used up parks its work until there is some again',
    ),
    shown(
      'a schedule starts once for each due time, whatever clock and engine do',
      'core/scheduler.test.ts',
      'starts each due time at most once and loses none, whatever the clock and the engine do',
    ),
    shown(
      'a killed engine starts no due time twice',
      'scenarios/schedules.test.ts',
      'R61 an engine that is killed and started again starts no time twice',
    ),
    shown(
      'overlap skip: passed over, and says why',
      'core/scheduler.test.ts',
      'skip: the time is skipped, and says why',
    ),
    shown(
      'overlap queue: starts when the one before has ended',
      'core/scheduler.test.ts',
      'queue: each %s starts when the one before it has ended, by no timer',
    ),
    shown(
      'overlap replace: the earlier one is cancelled, the new one starts',
      'core/scheduler.test.ts',
      'replace: the earlier %s is cancelled with a reason, and the new one starts',
    ),
    shown(
      'catch-up: skip, last, all',
      'core/scheduler.test.ts',
      'catch-up %s decides what becomes of the times without an engine',
    ),
    shown(
      'both changes of the hour',
      'core/scheduler.test.ts',
      'an hour that is left out and one that comes twice start it once each',
    ),
    shown(
      'health from real signals, with every reason',
      'core/health.test.ts',
      'R67 names every reason, the worst first',
    ),
    shown(
      'times per agent, type and stage are those of the rows',
      'store/metrics.test.ts',
      'R68 tells the times of stages and runs, and how long people were waited for',
    ),
    shown(
      'a part in trouble is shown until it works again',
      'core/parts.test.ts',
      'R48 keeps what parts are in trouble until they say that they work again',
    ),
    shown(
      'disk full: said in words, and works again when there is space',
      'store/unit-of-work.test.ts',
      'R75 says that the disk is full, in words, and works again when there is space',
    ),
    shown(
      'a result that cannot be stored is kept and stored later',
      'scenarios/store-trouble.test.ts',
      'R75 a result that cannot be stored is kept, and stored as soon as that is possible',
    ),
    shown(
      'a damaged database is kept whole, a good copy takes its place, frozen for a person',
      'store/safe-mode.test.ts',
      'is kept whole; the newest copy takes its place, and the engine starts frozen and says why',
    ),
    shown(
      'a row that cannot be read holds up nothing else',
      'store/quarantine.test.ts',
      'R75 makes any row that cannot be read anew of its events, and lists everything else meanwhile',
    ),
    shown(
      'copies under load are whole, and the log of the database bounded',
      'store/backups.test.ts',
      'R75 P8 neither lets the log grow beyond 64 MiB while it copies under a constant load, nor holds the writer',
    ),
    shown(
      'history is forgotten as a whole, and the rest follows from its events',
      'store/prune.test.ts',
      'R75 I2 leaves rows that their events give, and everything that has not ended, whatever happened',
    ),
    open(
      '1,000 tasks on 3 agents, no growth over ten minutes',
      '`npm run soak` measures it and fails when it does not hold; no test takes ten minutes',
    ),
  ],
};
