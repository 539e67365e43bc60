import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src-main/contract/event.ts';
import { permissionIdSchema } from '../../../src-main/contract/ids.ts';
import type { Activity } from '../../../src-main/contract/task.ts';
import type { RunWork } from '../../../src-renderer/api/fold-run-work.ts';
import { openRows, timelineRows } from '../../../src-renderer/features/run/timeline-rows.ts';
import { runningTask, runRow, stageRow, stageSpec, workflowOf } from '../../support/samples.ts';

const run = runRow({ createdAt: 0, startedAt: 10 });
const { task, attempt } = runningTask({ runId: run.id, stage: 'build', createdAt: 10 });
const first = { ...attempt, claimedAt: 20, endedAt: 100, state: 'failed' as const };
const second = { ...runningTask().attempt, taskId: task.id, stage: 'build', number: 2, claimedAt: 150 };
const work: RunWork = {
  run: { ...run, stages: [stageRow('build', { state: 'running', taskId: task.id }), stageRow('test', { index: 1 })] },
  definition: workflowOf([stageSpec('build'), stageSpec('test')]),
  tasks: [task],
  attempts: [first, second],
  approvals: [],
  lastSeq: 1,
};
const ids = { taskId: task.id, runId: run.id, attemptId: first.id, agentId: first.agentId };

function event(at: number, facts: object): Event {
  return { at, seq: at, actor: 'engine', ...facts } as unknown as Event;
}

function did(at: number, activity: Activity): Event {
  return event(at, { kind: 'attempt.did', ...ids, number: at, activity });
}

function call(at: number, callId: string): Event {
  return did(at, { kind: 'toolCallStarted', callId, title: `call ${callId}`, tool: 'edit' });
}

function summary(events: readonly Event[]) {
  return timelineRows(work, events).map(({ kind, label, spans }) => [
    kind,
    label,
    spans.map((span) => `${span.kind} ${span.from}-${span.to ?? ''}`).join(' '),
  ]);
}

describe('the lines of a timeline', () => {
  it('are the run, its stages and their attempts, with the time in the queue apart', () => {
    expect(summary([])).toEqual([
      ['run', 'sample', 'queue 0-10 work 10-'],
      ['stage', 'build', 'queue 10-20 work 20-100 queue 100-150 work 150-'],
      ['attempt', 'attempt 1', 'work 20-100'],
      ['attempt', 'attempt 2', 'work 150-'],
      ['stage', 'test', ''],
    ]);
  });

  it('show turns of the agent, and its tool calls in them; a turn begins when it speaks after its calls', () => {
    const finished = did(45, { kind: 'toolCallFinished', callId: 'a', status: 'completed' });
    const events = [
      did(30, { kind: 'thinking' }),
      call(40, 'a'),
      finished,
      did(50, { kind: 'replied' }),
      call(60, 'b'),
    ];
    expect(summary(events).slice(2, 7)).toEqual([
      ['attempt', 'attempt 1', 'work 20-100'],
      ['turn', 'turn 1', 'work 30-50'],
      ['tool', 'call a', 'work 40-45'],
      ['turn', 'turn 2', 'work 50-100'],
      ['tool', 'call b', 'work 60-100'],
    ]);
    const abandoned = timelineRows(work, events).find(({ label }) => label === 'call b');
    expect(abandoned?.about).toBe('edit, abandoned');
  });

  it('show when a person was waited for, in the attempt and in its stage', () => {
    const permissionId = permissionIdSchema.parse('permission_01jd0000000000000000000001');
    const events = [
      event(30, { kind: 'permission.requested', ...ids, permissionId, stage: 'build' }),
      event(70, { kind: 'permission.answered', ...ids, permissionId }),
    ];
    const rows = summary(events);
    expect(rows[1]?.[2]).toContain('work 20-30 person 30-70 work 70-100');
    expect(rows[2]).toEqual(['attempt', 'attempt 1', 'work 20-30 person 30-70 work 70-100']);
  });

  it('show when the run as a whole was paused', () => {
    const events = [
      event(40, { kind: 'run.paused', runId: run.id }),
      event(60, { kind: 'run.resumed', runId: run.id }),
    ];
    expect(summary(events)[0]?.[2]).toBe('queue 0-10 work 10-40 paused 40-60 work 60-');
  });

  it('leave out the parts of what is closed', () => {
    const rows = timelineRows(work, [call(40, 'a')]);
    const labels = (closed: string) => openRows(rows, new Set([closed])).map(({ label }) => label);
    expect(labels('stage:build')).toEqual(['sample', 'build', 'test']);
    expect(labels(first.id)).toEqual(['sample', 'build', 'attempt 1', 'attempt 2', 'test']);
    expect(labels(run.id)).toEqual(['sample']);
  });
});
