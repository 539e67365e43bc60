import type { Event } from '../contract/event.ts';
import type { GateResult } from '../contract/policies.ts';
import type { Run, Stage } from '../contract/run.ts';
import { isStageEnded } from '../contract/states.ts';
import type { Cell, Paint } from './paint.ts';
import { cell, lookOf, stateCell } from './paint.ts';
import type { RunProgress } from './run-progress.ts';
import { plainText } from './safe-text.ts';
import { shortId } from './short-ids.ts';
import { renderTable } from './table.ts';
import { fitText, padText, textWidth } from './text-width.ts';
import { durationWords, inWords } from './time-words.ts';

export interface ProgressView {
  readonly paint: Paint;
  readonly columns: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: number;
}

const stageColumns = [
  { title: 'state' },
  { title: 'stage', flexible: true },
  { title: 'time', align: 'right' },
  { title: 'agent', flexible: true },
  { title: 'note', flexible: true },
] as const;
/** A narrower terminal shows the first three columns only. */
const narrow = 64;

/** The whole run as lines that fit the terminal: one for the run, one per stage. Empty before its first event. */
export function renderProgress(progress: RunProgress, view: ProgressView): string[] {
  const { run } = progress;
  if (run === null) return [];
  const { paint, columns } = view;
  const rows = run.stages.map((stage): Cell[] => [
    stateCell(shownState(stage, progress)),
    cell(stage.name, stage.state === 'pending' ? 'muted' : 'plain'),
    cell(stageTime(stage, view.now), 'muted'),
    cell(progress.work.get(stage.name)?.agentId ?? '', 'muted'),
    stageNote(stage, progress, view.now),
  ]);
  const shown = stageColumns.slice(0, columns < narrow ? 3 : stageColumns.length);
  return [
    headLine(run, view),
    ...renderTable({ columns: shown, rows, paint, width: columns, indent: 2, titled: false }),
  ];
}

/** A stage whose task is in the queue has begun for the engine; for a person it still waits for its turn. */
function shownState(stage: Stage, progress: RunProgress): string {
  if (stage.state === 'pending' && stage.taskId !== null) return 'queued';
  if (stage.state === 'running' && progress.work.get(stage.name)?.released != null) return 'queued';
  return stage.state;
}

function headLine(run: Run, { paint, now, columns }: ProgressView): string {
  const ended = run.stages.filter(({ state }) => isStageEnded(state)).length;
  const time = durationWords((run.endedAt ?? now) - (run.startedAt ?? run.createdAt));
  const { mark, tone } = lookOf(run.state);
  const rest = `${columns < narrow ? '' : `  ${ended} of ${run.stages.length} stages`}  ${run.progress} %  ${time}`;
  const asked = run.cancelRequestedAt !== null && run.endedAt === null ? ', cancelling' : '';
  const head = fitText(`${run.workflow}  run ${shortId(run.id)}  ${run.state}${asked}`, columns - 2 - rest.length);
  return `${paint(tone, mark)} ${paint('strong', head)}${paint('muted', rest)}`;
}

function stageTime(stage: Stage, now: number): string {
  if (stage.inherited || stage.startedAt === null) return '';
  return durationWords((stage.endedAt ?? now) - stage.startedAt);
}

function stageNote(stage: Stage, progress: RunProgress, now: number): Cell {
  const work = progress.work.get(stage.name);
  const question = progress.questions.get(stage.name);
  if (stage.inherited) return cell('taken over from the earlier run', 'muted');
  if (stage.failure !== null) return cell(stage.failure.message, 'bad');
  if (stage.reason !== null) return cell(stage.reason, 'muted');
  if (stage.gates.length > 0) return cell(stage.gates.map(gateWords).join(', '), gatesTone(stage.gates));
  if (question !== undefined)
    return cell(`${question.question} (approval ${shortId(question.approvalId)})`, 'attention');
  if (isStageEnded(stage.state) || work === undefined) return cell('');
  if (work.released !== null) {
    return cell(
      `attempt ${work.attempt} ended: ${work.released.reason}; next ${inWords(now, work.released.availableAt)}`,
      'attention',
    );
  }
  const attempt = work.attempt > 1 ? `attempt ${work.attempt}` : '';
  return cell([attempt, work.doing ?? ''].filter((part) => part !== '').join(': '), 'muted');
}

/** A gate in few words: `coverage 97.4`, or what is wrong with it. */
export function gateWords({ name, passed, actual, expected }: GateResult): string {
  if (!passed) return `${name}: ${actual ?? 'nothing'} is not ${expected}`;
  return `${name} (${actual})`;
}

function gatesTone(gates: readonly GateResult[]) {
  const failed = gates.filter(({ passed }) => !passed);
  if (failed.length === 0) return 'muted';
  return failed.some(({ level }) => level === 'blocking') ? 'bad' : 'attention';
}

const toldKinds: ReadonlySet<Event['kind']> = new Set([
  'stage.started',
  'stage.completed',
  'stage.failed',
  'stage.skipped',
  'stage.cancelled',
  'stage.waiting',
  'stage.inherited',
  'task.released',
  'permission.requested',
]);

/**
 * What an event means for a person who reads along line by line; null when nothing worth a line.
 * @param progress with the event folded in
 */
export function describeEvent(progress: RunProgress, event: Event, view: ProgressView): string | null {
  const { run } = progress;
  if (run === null || !toldKinds.has(event.kind)) return null;
  const taskId = 'taskId' in event ? event.taskId : null;
  const stage = run.stages.find(({ name, taskId: own }) =>
    'stage' in event ? name === event.stage : own !== null && own === taskId,
  );
  if (stage === undefined) return null;
  const { mark, tone } = lookOf(shownState(stage, progress));
  const word = event.kind === 'task.released' ? 'given back' : stage.state;
  const longest = Math.max(...run.stages.map(({ name }) => textWidth(name)));
  const parts = [
    padText(isStageEnded(stage.state) ? stageTime(stage, view.now) : '', timeWidth, 'right'),
    padText(progress.work.get(stage.name)?.agentId ?? '', agentWidth),
    plainText(stageNote(stage, progress, view.now).text),
  ];
  const rest = parts.join('  ').trimEnd();
  const head = `${view.paint(tone, mark)} ${padText(stage.name, longest)}  ${view.paint(tone, padText(word, wordWidth))}`;
  return rest === '' ? head.trimEnd() : `${head}  ${view.paint('muted', rest)}`;
}

const wordWidth = 10;
const timeWidth = 6;
const agentWidth = 12;
