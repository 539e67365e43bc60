import type { CliContext } from './cli-context.ts';
import { createLiveBlock } from './live-block.ts';
import { createPaint } from './paint.ts';
import { describeEvent, renderProgress } from './progress-lines.ts';
import type { RunProgress } from './run-progress.ts';
import { noProgress } from './run-progress.ts';
import type { RunView } from './watch-run.ts';

/** Durations on screen grow once a second. */
const tickMs = 1_000;

/** The view of a run that fits the terminal: drawn in place, line by line, or (for JSON) none. */
export function createRunView(context: CliContext, json: boolean): RunView {
  if (json) return silentView(context);
  return context.terminal.live ? liveView(context) : lineView(context);
}

function silentView({ terminal }: CliContext): RunView {
  return { event: () => {}, say: (sentence) => terminal.note(sentence), end: () => {} };
}

function lineView({ terminal, now }: CliContext): RunView {
  const paint = createPaint(terminal.colour);
  return {
    event(progress, event) {
      const line = describeEvent(progress, event, { paint, columns: terminal.columns, now: now() });
      if (line !== null) terminal.print(line);
    },
    say: (sentence) => terminal.print(sentence),
    end: () => {},
  };
}

function liveView({ terminal, now, every }: CliContext): RunView {
  const paint = createPaint(terminal.colour);
  const block = createLiveBlock(terminal);
  let shown: RunProgress = noProgress;
  const draw = () => block.draw(renderProgress(shown, { paint, columns: terminal.columns, now: now() }));
  const stopTicking = every(tickMs, draw);
  return {
    event(progress) {
      shown = progress;
      draw();
    },
    say: (sentence) => block.above(sentence),
    end() {
      stopTicking();
      draw();
      block.end();
    },
  };
}
