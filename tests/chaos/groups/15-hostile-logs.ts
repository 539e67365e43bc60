import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logLine } from '../../../src-main/cli/log-lines.ts';
import { createPaint } from '../../../src-main/cli/paint.ts';
import { safeJson } from '../../../src-main/cli/safe-text.ts';
import { commandTask } from '../../support/real-engine.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import { withoutPower } from '../properties/output.ts';
import { openEngine, parkAndHold } from '../real-trial.ts';

const esc = '\u001b';
const bell = '\u0007';

/** What an agent may print to get power over a terminal or a page; each with a text that has to stay. */
const hostile: Readonly<Record<string, string>> = {
  'the clipboard': `before${esc}]52;c;aGVsbG8=${bell}after`,
  'the clipboard, without an end': `before${esc}]52;c;aGVsbG8=`,
  'a link': `${esc}]8;;https://evil.example${esc}\\click${esc}]8;;${esc}\\`,
  'a title': `${esc}]0;evil${bell}title`,
  'a title that is told back': `${esc}[21tback`,
  'a cleared screen': `${esc}[2J${esc}[H${esc}[3Jcleared`,
  'a moved cursor': `line${esc}[10A${esc}[1Gover`,
  'a hidden cursor and another screen': `${esc}[?25l${esc}[?1049hscreen`,
  'keys for the mouse and for pasting': `${esc}[?1003h${esc}[?2004hkeys`,
  'a question to the terminal': `${esc}[c${esc}[6n${esc}]11;?${bell}asked`,
  'a file for the terminal': `${esc}]1337;File=inline=1:AAAA${bell}file`,
  'a device control string': `${esc}P+q544e${esc}\\dcs`,
  'an application command': `${esc}_evil${esc}\\apc`,
  'a privacy message': `${esc}^evil${esc}\\pm`,
  'another character set': `${esc}(0lqqk${esc}(Bset`,
  'a reset': `${esc}creset`,
  'eight-bit controls': 'a\u009b2Jb\u009d0;t\u009cc',
  'bells and backspaces': `safe\b\b\b\bevil${bell}`,
  'a carriage return': 'rm -rf /\recho fine',
  'a turned direction': 'abc\u202etxt.exe\u202c \u2066x\u2069',
  'vertical moves': 'a\u000bb\u000cc',
  'hidden text': `${esc}[8msecret${esc}[0m`,
  'a sequence in a sequence': `${esc}]0;${esc}]52;c;AA${bell}${bell}nested`,
  'a cut sequence': `cut${esc}`,
  'an endless sequence': `${esc}[${'1;'.repeat(500)}mmany`,
  'a script': '<script>alert(1)</script><img src=x onerror=alert(1)>',
  'a link that runs': '<a href="javascript:alert(1)">x</a> [x](javascript:alert(1))',
};

/** Logs that want to be more than text. */
export const hostileLogs: FaultGroup = {
  number: 15,
  title: 'Hostile log content',
  faults: [
    'A command prints sequences for the clipboard, links, titles, screens, cursors, questions, files, other character sets, turned text and HTML: what "signalbox logs" prints of it has no power over the terminal, with colours and without; what of it is text stays.',
    'The same lines as JSON for programs: nothing is lost, and no character that a terminal obeys is in it.',
    'In a page: shown by tests/e2e/attacks.spec.ts and tests/e2e/logs.spec.ts in a real Chromium (no script, navigation, clipboard or link).',
  ],
  run: async (context) => {
    await context.trials('hostile lines', { short: 1, full: 5 }, hostileTrial);
    context.notRun(
      'hostile lines in a page',
      'a browser shows it: tests/e2e/attacks.spec.ts and tests/e2e/logs.spec.ts',
    );
  },
};

async function hostileTrial(trial: Trial): Promise<void> {
  const engine = await openEngine(trial);
  const texts = Object.values(hostile).map((text) => ({ text, order: trial.random() }));
  const lines = texts.toSorted((a, b) => a.order - b.order).map(({ text }) => text);
  const file = join(engine.dataFolder, 'hostile.txt');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const { task, attempts } = await engine.runTask(commandTask(['/bin/cat', file]));
  const attempt = attempts[0];
  if (attempt === undefined) throw new Error('the command was not tried');
  const read = await engine.call('readLog', { attemptId: attempt.id, limit: 5_000 });
  const printed = read.lines.filter(({ stream }) => stream === 'stdout');
  trial.expect(printed.length >= lines.length, 'Lines are missing in the log.', [printed.length, lines.length]);
  const shown = new Map<string, { readonly on: 'terminal'; readonly text: string }>();
  for (const [index, line] of printed.entries()) {
    for (const colour of [true, false]) {
      const text = logLine(line, { paint: createPaint(colour), colour, label: '', times: false });
      trial.expect(!/[\r\n]/.test(text), 'One line became several.', text);
      shown.set(`line ${index}${colour ? ' in colours' : ''}`, { on: 'terminal', text });
    }
    const json = safeJson(line);
    shown.set(`line ${index} as JSON`, { on: 'terminal', text: json });
    trial.expect(JSON.parse(json).text === line.text, 'JSON lost something.', line.text);
  }
  await trial.hold(withoutPower(shown));
  const all = [...shown.values()].map(({ text }) => text).join('\n');
  for (const kept of ['click', 'cleared', 'over', 'asked', 'reset', 'nested', 'many', 'secret', 'after']) {
    trial.expect(all.includes(kept), `The text "${kept}" was lost with a sequence.`);
  }
  trial.saw('hostile lines', printed.length);
  await parkAndHold(trial, engine, [task.id]);
}
