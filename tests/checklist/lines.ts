import { liveDashboard } from './dashboard-lines.ts';
import type { Section } from './line.ts';
import { open, shown } from './line.ts';
import { leftAlone } from './trust-lines.ts';

/** Every line of `behaviours.md`, in its order. What is `open` is allowed to be, and is counted. */
export const sections: readonly Section[] = [
  {
    name: 'Locks',
    lines: [
      open('initialise with default time-out', 'named locks are not offered yet'),
      open('acquire, then release', 'named locks are not offered yet'),
      open('second holder times out with a clear error', 'named locks are not offered yet'),
      open('an update creates a missing record', 'named locks are not offered yet'),
      open('5 sequential increments exact', 'named locks are not offered yet'),
      shown(
        '3 × 10 concurrent increments = 30',
        'store/several-processes.test.ts',
        'R31 loses no update of 3 processes with $writers writers each that count to $times',
      ),
      open('time-out configurable per lock', 'named locks are not offered yet'),
      open('retry with exponential back-off: fails twice, third works', 'named locks are not offered yet'),
      open('in-place change kept', 'named locks are not offered yet'),
      open('replacement kept', 'named locks are not offered yet'),
      open('missing record with creation off: explicit error', 'named locks are not offered yet'),
    ],
  },
  {
    name: 'Agent registry',
    lines: [
      shown(
        'register → starting with a heartbeat',
        'core/orchestrator-agents.test.ts',
        'R10 R19 follows its process: starting, ready by its handshake, busy, idle, stopped',
      ),
      shown(
        'over the limit: ours: stored and started later',
        'scenarios/restart.test.ts',
        'R28 ten tasks and three slots: never more than three at once, over a restart, and all complete',
      ),
      shown(
        'heartbeat grows',
        'agents/launcher/process-life.test.ts',
        'R19 one is started ahead of work, answers the handshake, beats, and serves the first attempt',
      ),
      shown(
        'heartbeat is automatic',
        'agents/acp/conversations.test.ts',
        'R26 counts its own heartbeats as signs of life, and the work as none',
      ),
      shown(
        '65 s without: unhealthy',
        'core/orchestrator-agents.test.ts',
        'R27 is unhealthy without signs of life: its task is killed, released to the front and done elsewhere',
      ),
      open(
        '305 s: forgotten',
        'a silent agent is killed and its task given away; its row is kept, so that nothing is forgotten after 300 s',
      ),
      shown(
        'shutdown stops the heartbeat',
        'agents/builtin/heartbeat.test.ts',
        'a beat tells when it was sent and whether there is work, until it is stopped',
      ),
      shown(
        'shutdown during a heartbeat is clean',
        'agents/builtin/serve-agent.test.ts',
        'keeps beating and being busy while it works; stopping the agent kills its child',
      ),
      shown(
        'state and activity updates',
        'agents/acp/conversations.test.ts',
        'R44 reports tool calls in order, each started and finished once, readable in the log',
      ),
      shown(
        'a freed slot starts waiting work',
        'core/orchestrator-tasks.test.ts',
        'R28 never runs more than the slots in total, per type and per agent; the rest waits and starts by itself',
      ),
      shown(
        'state survives a restart',
        'store/open-store.test.ts',
        'finds at the second start what was stored at the first',
      ),
    ],
  },
  {
    name: 'Task claims',
    lines: [
      shown(
        'first ready task claimed, moved, assigned',
        'scenarios/work.test.ts',
        'R04 goes from submit over a claim and a child process to its result',
      ),
      shown('none available: nothing', 'store/store-reads.test.ts', 'names the lanes that have ready tasks'),
      shown('already claimed: nothing', 'core/decide-task.test.ts', 'R14 is refused when it is %s'),
      shown(
        'unknown id: nothing, and a warning with the id',
        'core/orchestrator-odds.test.ts',
        'about what is not there name it',
      ),
      shown('priority filter', 'scenarios/work.test.ts', 'R08 urgent work goes first, then first in first out'),
      shown(
        'completion with metadata and duration',
        'scenarios/work.test.ts',
        'R04 goes from submit over a claim and a child process to its result',
      ),
      shown('completion by another: refused, unchanged', 'core/decide-attempt.test.ts', 'R32 refuses %s'),
      shown(
        'release on failure: to the front, with history and reason',
        'core/decide-attempt.test.ts',
        'R27 releases the task to the front of its priority when the agent went silent, and says why',
      ),
      shown(
        'concurrent claim: exactly one winner',
        'store/several-processes.test.ts',
        'R30 lets 64 claimers in 4 processes claim each of 10,000 tasks exactly once',
      ),
      shown(
        "reading a task's state: correct, and the store byte-identical",
        'store/open-store.test.ts',
        'R29 never writes through the connection for reads',
      ),
    ],
  },
  {
    name: 'Messages',
    lines: [
      open('broadcast', 'messages between agents are not offered yet'),
      open('direct (others do not see it)', 'messages between agents are not offered yet'),
      open('poll unread: own and broadcast only', 'messages between agents are not offered yet'),
      open('poll and mark read: second poll empty', 'messages between agents are not offered yet'),
      open('since filter', 'messages between agents are not offered yet'),
      open('trimming: 105 → last 100, oldest is #5', 'messages between agents are not offered yet'),
      open('broadcast convenience', 'messages between agents are not offered yet'),
    ],
  },
  {
    name: 'Coordination end to end',
    lines: [
      open(
        "one agent's whole life: register, announce, claim, work, complete, announce, stop",
        'an agent announces nothing by itself: messages between agents are not offered yet',
      ),
      shown(
        '3 agents × 3 tasks, no conflict, all done',
        'scenarios/work.test.ts',
        'three agents do nine tasks: each exactly once, and every agent has its share',
      ),
      shown(
        '3 agents after one task: one gets it',
        'scenarios/work.test.ts',
        'of three agents that could take one task exactly one gets it',
      ),
      shown(
        'a crashed agent is noticed by others, ours: and its task released',
        'scenarios/agent-failures.test.ts',
        'R25 killed with -9 in mid-task: noticed, requeued, restarted once, and the work completes',
      ),
      open('a broadcast reaches every agent once', 'messages between agents are not offered yet'),
    ],
  },
  {
    name: 'Message groups and routing',
    lines: [
      open('create a group', 'message groups are not offered yet'),
      open('add a member', 'message groups are not offered yet'),
      open('send to a group', 'message groups are not offered yet'),
      open('remove a member', 'message groups are not offered yet'),
      open('group statistics with lag', 'message groups are not offered yet'),
      open('performance figures', 'message groups are not offered yet'),
      open('a group per agent type', 'message groups are not offered yet'),
      open('rebalance', 'message groups are not offered yet'),
      open('coordinator figures', 'message groups are not offered yet'),
      open('health', 'message groups are not offered yet'),
      shown(
        "route a run's tasks",
        'core/orchestrator-runs.test.ts',
        'R11 R14 R15 goes through its stages by their results, and hands outputs on',
      ),
      shown(
        'route one task with its reason',
        'core/orchestrator-odds.test.ts',
        'about the reason of waiting name slots, agents and what is next',
      ),
      shown(
        'completion signal frees dependants',
        'core/orchestrator-tasks.test.ts',
        'R33 holds a task until all it needs have completed',
      ),
      shown('dependency context', 'scenarios/work.test.ts', 'R15 every stage gets the outputs of all earlier ones'),
      open('routing figures', 'message groups are not offered yet'),
      open(
        'failed message → dead letter with category, original kept',
        'dead letters of messages need messages, which are not offered yet',
      ),
      shown(
        'replay one',
        'core/orchestrator-tasks.test.ts',
        'R50 leaves a dead letter when the attempts are used up, which can be requeued',
      ),
      shown(
        'replay many with limit',
        'core/orchestrator-views.test.ts',
        'tasks, more than one step of them, with at most a hundred refusals told',
      ),
      open(
        'eight failure categories (time-out, parsing, validation, handler, dependency, resources, network, unknown)',
        'failures have nineteen categories of their own; the network of an agent has none: the agent says what failed',
      ),
      shown('dead-letter statistics', 'core/orchestrator-views.test.ts', 'R34 counts dead letters by category'),
      open('health of it', 'dead letters of messages need messages, which are not offered yet'),
      shown(
        'whole run processed',
        'scenarios/demonstration.test.ts',
        'completes its seven stages in order, in less than 60 seconds',
      ),
      shown(
        'fail → dead letter → replay works',
        'core/orchestrator-tasks.test.ts',
        'R50 leaves a dead letter when the attempts are used up, which can be requeued',
      ),
      shown(
        '3 members share the load',
        'scenarios/work.test.ts',
        'three agents do nine tasks: each exactly once, and every agent has its share',
      ),
      open('comprehensive figures', 'message groups are not offered yet'),
      open('> 100 messages/s routed, none lost', 'messages between agents are not offered yet'),
      open('many groups', 'message groups are not offered yet'),
      open('bounded memory with 100 groups, figures < 1 s', 'message groups are not offered yet'),
    ],
  },
  {
    name: 'Command engine',
    lines: [
      shown(
        'register, stored',
        'workflows/workflow-library.test.ts',
        "has bundled workflows and the user's, by name; the user's replace bundled ones",
      ),
      shown(
        'invalid refused with errors (no agent, no stage)',
        'workflows/check-stages.test.ts',
        'R13 an agent type that does not exist is refused with the nearest one',
      ),
      shown(
        'fetch by name and version',
        'workflows/workflow-library.test.ts',
        'gives the whole workflow, as the contract has it, with the hash of its text',
      ),
      shown(
        'validation including agent availability',
        'workflows/bundled-workflows.test.ts',
        'R13 without the agent type of a stage it is refused, and no other takes its place',
      ),
      shown(
        'distribute: all assigned, reason given',
        'core/orchestrator-tasks.test.ts',
        'R39 prefers the agent that knows the repository, then the one used longest ago',
      ),
      shown(
        'none available: all waiting, nothing thrown',
        'scenarios/work.test.ts',
        'R10 queued while its agent is stopped starts within 2 s once the agent is started',
      ),
      shown(
        'reassign after failure with reason',
        'scenarios/agent-failures.test.ts',
        'R27 stopped past its lease: killed, and its task is completed elsewhere, with a release history',
      ),
      shown(
        'execute: count right, terminal state',
        'core/orchestrator-slots.test.ts',
        'never give an agent, a type or the whole more than its limit, and all come to an end',
      ),
      shown('unknown: "not found"', 'workflows/workflow-library.test.ts', 'there is no workflow %j'),
      shown(
        'cancel: gone from the live list',
        'scenarios/control.test.ts',
        'that is cancelled ends its processes, and says why in the audit',
      ),
      shown(
        'create, list, execute through the API',
        'core/orchestrator-odds.test.ts',
        'about workflows are answered from the library',
      ),
      shown(
        'start event and counter',
        'core/orchestrator-runs.test.ts',
        'R11 R14 R15 goes through its stages by their results, and hands outputs on',
      ),
      shown(
        'refused by policy: critical event',
        'core/refusals.test.ts',
        'R07 a refusal is recorded with what it was about',
      ),
      shown(
        'success-rate figure recomputed',
        'store/store-reads.test.ts',
        'counts runs, tasks and agents by state, and how the attempts of an agent ended',
      ),
      shown(
        'register → execute → observe → figures',
        'store/metrics.test.ts',
        'R68 tells the times of stages and runs, and how long people were waited for',
      ),
      shown(
        'failed counter grows',
        'store/store-reads.test.ts',
        'counts runs, tasks and agents by state, and how the attempts of an agent ended',
      ),
      shown('5 at once < 30 s', 'scenarios/work.test.ts', 'five runs at once all complete within 30 s'),
      shown(
        'a 50-stage workflow distributed < 200 ms',
        'scenarios/work.test.ts',
        'a workflow of 50 stages is dispatched within 200 ms',
      ),
      shown(
        'recovery after error',
        'scenarios/agent-failures.test.ts',
        'R37 failures do not spread: two failing agents, one that crashes, and one that works',
      ),
      shown(
        'history kept',
        'store/histories.test.ts',
        'I2 folds to exactly its rows, with queue, leases and counters in step, whatever happened',
      ),
    ],
  },
  liveDashboard,
  {
    name: 'Isolated engines',
    lines: [
      shown(
        'database work stored and rolled back on error',
        'store/unit-of-work.test.ts',
        'rolls back a unit that throws, alone: the others commit, numbers have no gap',
      ),
      open('cached values expire', 'no value is kept for a time: rows in memory always agree with the database'),
      shown(
        '5 of 5 agents share the infrastructure without mix-up',
        'scenarios/work.test.ts',
        'R42 five of five become ready',
      ),
      shown(
        'work survives a missing optional service',
        'core/scheduler-trouble.test.ts',
        'schedules that cannot be read stop nothing else',
      ),
      shown(
        'timings reported',
        'scenarios/demonstration.test.ts',
        'completes its seven stages in order, in less than 60 seconds',
      ),
      shown(
        "tools run in their run's context",
        'scenarios/work.test.ts',
        'R36 three at once share nothing: no row, event or log of one holds what another was given',
      ),
      shown(
        'concurrent tool calls isolated',
        'agents/acp/update-recorder.test.ts',
        'starts and finishes every call exactly once, whatever is reported (property)',
      ),
      shown(
        'tool started and finished events with name and result',
        'agents/acp/conversations.test.ts',
        'R44 reports tool calls in order, each started and finished once, readable in the log',
      ),
      shown(
        'permission enforcement',
        'scenarios/permissions.test.ts',
        'R47 an answer that holds always answers what waits, and what comes later, without asking',
      ),
      shown(
        'bad parameters and unknown tools: error, then still works',
        'agents/acp/json-rpc-peer.test.ts',
        'refuses what is not offered, and what cannot be understood, by the codes of JSON-RPC',
      ),
      shown(
        'timings',
        'renderer/run/timeline-rows.test.ts',
        'are the run, its stages and their attempts, with the time in the queue apart',
      ),
      shown(
        'separate instances',
        'agents/launcher/process-life.test.ts',
        'I8 its end touches no process of another engine, however alike their agents are',
      ),
      shown(
        'concurrent runs isolated',
        'core/orchestrator-runs.test.ts',
        'R36 keeps runs apart: inputs and outputs of one never reach another',
      ),
      shown('events only to windows that subscribed', 'core/event-bus.test.ts', 'gets only what it asked for'),
      shown(
        "no run sees another's memory, rows, tools",
        'scenarios/work.test.ts',
        'R36 three at once share nothing: no row, event or log of one holds what another was given',
      ),
      shown(
        'clean-up leaves nothing for the next',
        'scenarios/clean-up.test.ts',
        'R43 after the engine has ended there is no child, and no temporary folder',
      ),
    ],
  },
  {
    name: 'Scenarios',
    lines: [
      shown(
        'happy path: all stages, outputs of each, no breaker trips',
        'scenarios/demonstration.test.ts',
        'completes its seven stages in order, in less than 60 seconds',
      ),
      open('a large project without time-outs', 'the built-in agents make one small kind of application'),
      shown(
        'empty requirements refused: "requirements cannot be empty"',
        'core/inputs.test.ts',
        'empty requirements are refused, also when they are only blanks',
      ),
      shown(
        'breaker opens after 5, half-open, closes, nothing lost',
        'core/orchestrator-breakers.test.ts',
        'opens after five failures in a row, is half open after a minute, and closes after two successes',
      ),
      shown(
        'loss of the event channel: noticed ≤ 5 s, reconnect with back-off, nothing lost',
        'renderer/api/web-socket-link.test.ts',
        'goes on after the last event that was delivered, so that none is missed or doubled',
      ),
      shown(
        '3 runs at once without crosstalk',
        'scenarios/work.test.ts',
        'R36 three at once share nothing: no row, event or log of one holds what another was given',
      ),
      shown(
        'agent time-out: logged, task failed, run updated',
        'scenarios/agent-failures.test.ts',
        'R24 it ignores SIGTERM, as do its grandchildren: timed_out, all of them gone, and the agent works again',
      ),
      shown(
        'store busy: queued, no crash',
        'store/unit-of-work.test.ts',
        'R31 waits for another writer without showing it to anyone',
      ),
      shown(
        'kill -9 in mid-task: requeued, completes',
        'scenarios/agent-failures.test.ts',
        'R25 killed with -9 in mid-task: noticed, requeued, restarted once, and the work completes',
      ),
      open('5 runs as a baseline per stage', 'the benchmark measures it, no test holds it'),
    ],
  },
  {
    name: 'Queue integration',
    lines: [
      shown(
        'a single task executes through the durable queue',
        'scenarios/work.test.ts',
        'R04 goes from submit over a claim and a child process to its result',
      ),
      shown(
        'two tasks on two agents at once',
        'scenarios/work.test.ts',
        'R05 two tasks on two agents run at the same time',
      ),
      shown(
        'submit by API, read the full state',
        'scenarios/work.test.ts',
        'R02 has one id: in the answer, the row, the message to the child, its environment and its log',
      ),
    ],
  },
  leftAlone,
];
