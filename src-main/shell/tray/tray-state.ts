import type { DesktopView, EngineStatus } from '../desktop-status.ts';
import { plainLine } from './plain-label.ts';

/** What the icon shows. */
export type TrayState = 'idle' | 'running' | 'needs-you' | 'failed';

/** Windows shows no longer tool tips. */
const maxToolTip = 127;

/**
 * The most urgent word wins: a question, then a failure that the person has not seen (an engine that is gone among
 * them), then live work.
 */
export function trayStateOf(view: DesktopView): TrayState {
  if (view.isLost) return 'failed';
  const { status } = view;
  if (status === null) return 'idle';
  if (openQuestions(status) > 0) return 'needs-you';
  if (view.failed > 0) return 'failed';
  return status.slots.used > 0 || status.runs.running > 0 ? 'running' : 'idle';
}

/** How many questions wait for the person. */
export function openQuestions({ questions }: EngineStatus): number {
  return questions.approvals + questions.permissions;
}

/** How things stand in one line, in the order of the window's upper bar. */
export function countsLine(view: DesktopView): string {
  if (view.isLost) return 'No engine answers; one is looked for';
  const { status } = view;
  if (status === null) return 'Starting';
  const parts = [
    status.frozen === null ? null : 'Frozen',
    `${status.slots.used} running`,
    `${status.tasks.queued} queued`,
    `${openQuestions(status)} waiting for you`,
    view.failed === 0 ? null : `${view.failed} failed`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

export function toolTipOf(view: DesktopView): string {
  return plainLine(`Signalbox: ${countsLine(view)}`, maxToolTip);
}
