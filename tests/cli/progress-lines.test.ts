import { expect, test } from 'vitest';
import { createPaint } from '../../src-main/cli/paint.ts';
import { describeEvent, renderProgress } from '../../src-main/cli/progress-lines.ts';
import type { RunProgress } from '../../src-main/cli/run-progress.ts';
import { foldProgress, noProgress } from '../../src-main/cli/run-progress.ts';
import { summarizeRun } from '../../src-main/cli/run-summary.ts';
import { textWidth } from '../../src-main/cli/text-width.ts';
import type { Event } from '../../src-main/contract/event.ts';
import { claimedEvents, createdEvent, runOf, sampleEvent, sampleId } from './samples.ts';

const paint = createPaint(false);
const view = { paint, columns: 100, now: 1_012_000 };

function fold(events: readonly Event[]): RunProgress {
  return events.reduce(foldProgress, noProgress);
}

function did(activity: Record<string, unknown>, task = 1) {
  const ids = { taskId: sampleId('task', task), attemptId: sampleId('attempt', task), agentId: 'builder' };
  return sampleEvent('attempt.did', { ...ids, number: 1, activity });
}

test('before its first event a run shows nothing', () => {
  expect(renderProgress(noProgress, view)).toEqual([]);
});

test('a run shows its stages, who works on them, since when, and at what', () => {
  const started = did({ kind: 'toolCallStarted', callId: 'c', title: 'Write the package', tool: 'edit' });
  const progress = fold([createdEvent(), ...claimedEvents('build'), did({ kind: 'thinking' }), started]);
  expect(renderProgress(progress, view)).toEqual([
    '● app  run 00000000  running  0 of 2 stages  0 %  12 s',
    '  ● running  build  12 s  builder  Write the package',
    '  ○ pending  check',
  ]);
  expect(progress.lastSeq).toBe(started.seq);
});

test('gates, failures, questions and releases stand beside their stage', () => {
  const gate = {
    name: 'coverage >= 80',
    level: 'blocking',
    passed: false,
    actual: 12,
    expected: '>= 80',
    message: 'm',
  };
  const failure = { category: 'gate', class: 'fatal', message: 'coverage is too low' };
  const released = sampleEvent('task.released', {
    taskId: sampleId('task', 3),
    attemptId: sampleId('attempt', 301),
    agentId: 'builder',
    by: 'retry',
    counts: 'failure',
    held: false,
    position: 1,
    availableAt: 1_014_500,
    reason: 'exit code 1',
  });
  const progress = fold([
    createdEvent(['build', 'check', 'ask', 'again']),
    ...claimedEvents('build', 1, 1),
    sampleEvent('stage.completed', { stage: 'build', outputs: {}, gates: [{ ...gate, passed: true, actual: 97 }] }),
    ...claimedEvents('check', 1, 2),
    sampleEvent('stage.failed', { stage: 'check', failure, gates: [gate], tolerated: false }),
    sampleEvent('stage.waiting', { stage: 'ask', approvalId: sampleId('approval') }),
    sampleEvent('approval.requested', {
      stage: 'ask',
      approvalId: sampleId('approval'),
      question: 'Ship it?',
      onTimeout: 'reject',
      expiresAt: null,
    }),
    ...claimedEvents('again', 1, 3),
    released,
  ]);
  expect(renderProgress(progress, view).slice(1)).toEqual([
    '  ✓ completed  build  0.0 s  builder  coverage >= 80 (97)',
    '  ✗ failed     check  0.0 s  builder  coverage is too low',
    '  ◆ waiting    ask     12 s           Ship it? (approval 00000000)',
    '  ○ queued     again   12 s  builder  attempt 1 ended: exit code 1; next in 2.5 s',
  ]);
  const answered = sampleEvent('approval.answered', {
    stage: 'ask',
    approvalId: sampleId('approval'),
    answer: 'approved',
    comment: null,
  });
  const after = [answered, ...claimedEvents('again', 2, 3)].reduce(foldProgress, progress);
  expect(renderProgress(after, view).slice(3)).toEqual([
    '  ◆ waiting    ask     12 s',
    '  ● running    again   12 s  builder  attempt 2',
  ]);
});

test('no line is wider than the terminal, whatever an agent says', () => {
  const long = did({ kind: 'toolCallStarted', callId: 'c', title: `日本\u001b[2J ${'x'.repeat(500)}`, tool: 'edit' });
  const progress = fold([
    createdEvent(['build', 'a-stage-with-a-very-long-name-of-sixty-four-characters']),
    ...claimedEvents('build'),
    long,
  ]);
  for (const columns of [40, 60, 100]) {
    const lines = renderProgress(progress, { ...view, columns });
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns);
    expect(lines.join('')).not.toContain('\u001b');
  }
});

test('line by line a person is told what begins and what ends, and nothing else', () => {
  const events = [
    createdEvent(),
    ...claimedEvents('build'),
    did({ kind: 'thinking' }),
    sampleEvent('stage.completed', { stage: 'build', outputs: {}, gates: [] }, 1_002_000),
    sampleEvent('stage.skipped', { stage: 'check', reason: 'its condition is false' }, 1_002_000),
    sampleEvent('run.completed', {}, 1_002_000),
  ];
  let progress = noProgress;
  const lines = events.flatMap((event) => {
    progress = foldProgress(progress, event);
    return describeEvent(progress, event, view) ?? [];
  });
  expect(lines).toEqual([
    '● build  running             builder',
    '✓ build  completed    2.0 s  builder',
    '– check  skipped                           its condition is false',
  ]);
});

test('a release is told with its stage', () => {
  const released = sampleEvent('task.released', {
    taskId: sampleId('task', 1),
    attemptId: sampleId('attempt', 101),
    agentId: 'builder',
    reason: 'exit code 1',
    availableAt: 0,
  });
  const progress = fold([createdEvent(), ...claimedEvents('build'), released]);
  expect(describeEvent(progress, released, view)).toBe(
    '○ build  given back          builder       attempt 1 ended: exit code 1; next now',
  );
});

test('at the end: the result, the gates, and where the product is', () => {
  const gate = { name: 'p95 < 500', level: 'warning', passed: false, actual: 900, expected: '< 500', message: 'm' };
  const run = runOf([
    createdEvent(['build']),
    ...claimedEvents('build'),
    sampleEvent('stage.completed', {
      stage: 'build',
      outputs: { release: '/work/folder/app.tgz', again: '/work/folder/app.tgz', size: 5, url: '/elsewhere' },
      gates: [gate, { ...gate, name: 'errors', level: 'blocking', passed: true, actual: null }],
    }),
    sampleEvent('run.completed', {}, 1_014_200),
  ]);
  expect(summarizeRun(run, paint, 100)).toEqual([
    `✓ app completed in 14 s  ${run.id}`,
    '',
    'gates',
    '  ◆  p95 < 500  900      build  warning only',
    '  ✓  errors     nothing  build',
    '',
    'product',
    '  working folder  /work/folder',
    '  release         /work/folder/app.tgz',
  ]);
});

test('a failed run says which stage, why, and what to do; a cancelled one says why', () => {
  const failure = { category: 'exit', class: 'fatal', message: 'exit code 1', remedy: 'Read its log.' };
  const failed = runOf([
    createdEvent(['build']),
    ...claimedEvents('build'),
    sampleEvent('stage.failed', { stage: 'build', failure, gates: [], tolerated: true }),
    sampleEvent('run.failed', { failure }, 1_001_000),
  ]);
  expect(summarizeRun(failed, paint, 100).slice(0, 3)).toEqual([
    `✗ app failed in 1.0 s  ${failed.id}`,
    '  build: exit code 1 (tolerated)',
    '    Read its log.',
  ]);
  const broken = runOf([createdEvent(['build']), sampleEvent('run.failed', { failure })]);
  expect(summarizeRun(broken, paint, 100)[1]).toBe('  exit code 1');
  const cancelled = runOf([
    createdEvent(['build']),
    sampleEvent('run.cancelRequested', { reason: 'not needed' }),
    sampleEvent('run.cancelled', { reason: 'not needed' }),
  ]);
  expect(summarizeRun(cancelled, paint, 100)[0]).toBe(`⊘ app cancelled in 0.0 s: not needed  ${cancelled.id}`);
});
