import { describe, expect, it } from 'vitest';
import type { Event, NewEvent } from '../../../src-main/contract/event.ts';
import { attemptIdSchema, runIdSchema } from '../../../src-main/contract/ids.ts';
import type { RunWork } from '../../../src-renderer/api/fold-run-work.ts';
import { foldRunWork } from '../../../src-renderer/api/fold-run-work.ts';
import { agentDefinition, runRow, stageSpec, taskRow, workflowOf } from '../../support/samples.ts';

const run = runRow();
const task = { ...taskRow(), runId: run.id };
const work: RunWork = {
  run,
  definition: workflowOf([stageSpec('build')]),
  tasks: [task],
  attempts: [],
  approvals: [],
  lastSeq: 10,
};
const attemptId = attemptIdSchema.parse('attempt_01jd0000000000000000000001');

function numbered(seq: number, event: NewEvent): Event {
  return { ...event, seq } as Event;
}

const claimed = numbered(11, {
  at: 5,
  actor: 'engine',
  kind: 'task.claimed',
  taskId: task.id,
  runId: run.id,
  attemptId,
  agentId: agentDefinition().id,
  stage: null,
  number: 1,
  fence: 1,
});

describe('folding events into the work of a run', () => {
  it('changes every row that an event concerns, and adds those that are new', () => {
    const folded = foldRunWork(work, [
      claimed,
      numbered(14, { at: 6, actor: 'engine', kind: 'run.completed', runId: run.id }),
    ]);
    expect({
      run: folded.run.state,
      tasks: folded.tasks.map(({ state }) => state),
      attempts: folded.attempts.map(({ id, state }) => [id, state]),
      lastSeq: folded.lastSeq,
    }).toEqual({ run: 'completed', tasks: ['claimed'], attempts: [[attemptId, 'starting']], lastSeq: 14 });
  });

  it('folds nothing twice', () => {
    const once = foldRunWork(work, [claimed]);
    expect(foldRunWork(once, [claimed])).toBe(once);
  });

  it('leaves alone what is about other runs', () => {
    const other = runIdSchema.parse('run_01jd0000000000000000000099');
    const folded = foldRunWork(work, [numbered(11, { at: 6, actor: 'engine', kind: 'run.completed', runId: other })]);
    expect(folded).toEqual({ ...work, lastSeq: 11 });
  });
});
