import { plainText } from './safe-text.ts';

/** Colours and weights by their meaning, so that the same thing looks the same everywhere. */
export const tones = ['plain', 'muted', 'strong', 'good', 'bad', 'attention', 'active'] as const;
export type Tone = (typeof tones)[number];

const codes: Readonly<Record<Tone, string>> = {
  plain: '',
  muted: '2',
  strong: '1',
  good: '32',
  bad: '31',
  attention: '33',
  active: '36',
};

/** Gives a text its tone; without colour the text alone. */
export type Paint = (tone: Tone, text: string) => string;

/** @param colour whether the terminal is to show colours. */
export function createPaint(colour: boolean): Paint {
  return (tone, text) => (colour && codes[tone] !== '' ? `\u001b[${codes[tone]}m${text}\u001b[0m` : text);
}

interface Look {
  readonly mark: string;
  readonly tone: Tone;
}

const looks: Readonly<Record<string, Look>> = {
  // Work
  blocked: { mark: '◌', tone: 'muted' },
  pending: { mark: '○', tone: 'muted' },
  queued: { mark: '○', tone: 'muted' },
  claimed: { mark: '◔', tone: 'active' },
  running: { mark: '●', tone: 'active' },
  waiting: { mark: '◆', tone: 'attention' },
  paused: { mark: '‖', tone: 'muted' },
  completed: { mark: '✓', tone: 'good' },
  failed: { mark: '✗', tone: 'bad' },
  timed_out: { mark: '✗', tone: 'bad' },
  dead: { mark: '✗', tone: 'bad' },
  interrupted: { mark: '↯', tone: 'attention' },
  skipped: { mark: '–', tone: 'muted' },
  cancelled: { mark: '⊘', tone: 'muted' },
  // Times of schedules
  started: { mark: '✓', tone: 'good' },
  missed: { mark: '–', tone: 'attention' },
  // Agents
  stopped: { mark: '○', tone: 'muted' },
  starting: { mark: '◔', tone: 'active' },
  idle: { mark: '○', tone: 'good' },
  busy: { mark: '●', tone: 'active' },
  draining: { mark: '◕', tone: 'attention' },
  unhealthy: { mark: '◆', tone: 'attention' },
  crashed: { mark: '✗', tone: 'bad' },
  disabled: { mark: '–', tone: 'muted' },
  // Approvals
  open: { mark: '◆', tone: 'attention' },
  approved: { mark: '✓', tone: 'good' },
  rejected: { mark: '✗', tone: 'bad' },
  expired: { mark: '–', tone: 'muted' },
  withdrawn: { mark: '–', tone: 'muted' },
  // Findings
  ok: { mark: '✓', tone: 'good' },
  warning: { mark: '◆', tone: 'attention' },
  broken: { mark: '✗', tone: 'bad' },
};

/** A state's tone and its shape, which says the same without colour. */
export function lookOf(state: string): Look {
  return looks[state] ?? { mark: '·', tone: 'plain' };
}

/** A cell of a table: its text, and how it looks. */
export interface Cell {
  readonly text: string;
  readonly tone: Tone;
}

/** A cell of any text; what a terminal would obey is taken out. */
export function cell(text: string, tone: Tone = 'plain'): Cell {
  return { text: plainText(text).replaceAll('\t', ' '), tone };
}

/** A cell that shows a state by shape, word and colour. */
export function stateCell(state: string): Cell {
  const { mark, tone } = lookOf(state);
  return { text: `${mark} ${state}`, tone };
}
