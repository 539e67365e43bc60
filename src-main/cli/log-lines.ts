import type { LogLine } from '../contract/log.ts';
import type { Attempt } from '../contract/task.ts';
import type { Paint } from './paint.ts';
import { colouredText, plainText } from './safe-text.ts';
import { clockWords } from './time-words.ts';

/** Which attempt lines belong to, in front of each of them when there are several. */
export function attemptLabel(attempt: Pick<Attempt, 'stage' | 'number'>): string {
  return `${attempt.stage ?? 'task'} #${attempt.number}`;
}

/** How lines are shown. */
export interface LogLook {
  readonly paint: Paint;
  readonly colour: boolean;
  /** In front of every line; empty for none. */
  readonly label: string;
  /** Whether the time of every line is shown. */
  readonly times: boolean;
}

/** Marks of what is not the agent's plain output. */
const streamMarks: Readonly<Record<LogLine['stream'], string>> = {
  stdout: ' ',
  stderr: '!',
  message: '<',
  thought: '~',
  tool: '>',
  plan: '*',
  engine: '=',
};

/** One line of a log as one line of the terminal. Nothing that the agent printed can move the cursor. */
export function logLine(line: LogLine, { paint, colour, label, times }: LogLook): string {
  const before = [label === '' ? '' : paint('muted', label), times ? paint('muted', clockWords(line.at)) : '']
    .filter((part) => part !== '')
    .join('  ');
  const mark = paint(line.stream === 'stderr' ? 'bad' : 'muted', streamMarks[line.stream]);
  const text = colour ? `${colouredText(line.text)}\u001b[0m` : plainText(line.text);
  const cut = line.cut ? paint('attention', ' … (longer; whole in the file)') : '';
  return `${before === '' ? '' : `${before} `}${mark} ${text}${cut}`;
}
