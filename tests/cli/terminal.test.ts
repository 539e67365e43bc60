import { expect, test } from 'vitest';
import { createLiveBlock } from '../../src-main/cli/live-block.ts';
import { createTerminal } from '../../src-main/cli/terminal.ts';

function open(stdout: { isTTY?: boolean; columns?: number; rows?: number }, env: Record<string, string> = {}) {
  const written = { out: '', err: '' };
  const terminal = createTerminal({
    stdout: {
      ...stdout,
      write: (text) => {
        written.out += text;
      },
    },
    stderr: {
      write: (text) => {
        written.err += text;
      },
    },
    env,
  });
  return { terminal, written };
}

test.each([
  ['a terminal', { isTTY: true }, {}, { colour: true, live: true }],
  ['a file or pipe', {}, {}, { colour: false, live: false }],
  ['NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, { colour: false, live: false }],
  ['an empty NO_COLOR, which counts as none', { isTTY: true }, { NO_COLOR: '' }, { colour: true, live: true }],
  ['CI', { isTTY: true }, { CI: 'true' }, { colour: true, live: false }],
  ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, { colour: false, live: false }],
])('colours and updating lines: %s', (_title, stdout, env, expected) => {
  const { terminal } = open(stdout, env as Record<string, string>);
  expect({ colour: terminal.colour, live: terminal.live }).toEqual(expected);
});

test('lines are cut for a terminal only', () => {
  expect(open({ isTTY: true, columns: 90, rows: 20 }).terminal).toMatchObject({ columns: 90, rows: 20 });
  expect(open({ isTTY: true }).terminal).toMatchObject({ columns: 80, rows: 24 });
  expect(open({ columns: 90 }).terminal).toMatchObject({ columns: Infinity, rows: Infinity });
});

test('R46 nothing that is printed moves the cursor; without colour no colour passes either', () => {
  const plain = open({});
  plain.terminal.print('a\u001b[31mb\u001b[2J\nc');
  plain.terminal.note('d\u001b]0;t\u0007e');
  plain.terminal.print();
  expect(plain.written).toEqual({ out: 'ab\nc\n\n', err: 'de\n' });
  const colourful = open({ isTTY: true });
  colourful.terminal.print('a\u001b[31mb\u001b[2J');
  expect(colourful.written.out).toBe('a\u001b[31mb\n');
});

const orders = new RegExp(`${'\u001b'}\\[\\??(\\d*)([A-Za-z])|([\\s\\S])`, 'gu');

/** What a terminal shows after what was written to it: enough of one for the live block. */
function screenOf(written: string): string[] {
  const lines: string[] = [''];
  let row = 0;
  for (const [, count, order, character] of written.matchAll(orders)) {
    if (order === 'A') row -= Number(count);
    else if (order === 'J') lines.splice(row, Infinity, '');
    else if (character === '\n') {
      row += 1;
      lines[row] ??= '';
    } else if (character !== undefined && character !== '\r') lines[row] += character;
  }
  return lines;
}

test('a live block draws its lines in place, and lets others stay above', () => {
  const { terminal, written } = open({ isTTY: true, rows: 10 });
  const block = createLiveBlock(terminal);
  block.draw(['one', 'two']);
  block.draw(['one!', 'two!', 'three']);
  block.above('note');
  block.draw(['last']);
  block.end();
  terminal.print('after');
  expect(screenOf(written.out)).toEqual(['note', 'last', 'after', '']);
});

test('a live block that is higher than the terminal shows its end', () => {
  const { terminal, written } = open({ isTTY: true, rows: 4 });
  const block = createLiveBlock(terminal);
  block.draw(['1', '2', '3', '4', '5']);
  block.draw(['1', '2', '3', '4', '6']);
  expect(screenOf(written.out)).toEqual(['3', '4', '6', '']);
});
