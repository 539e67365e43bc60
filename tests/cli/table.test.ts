import { expect, test } from 'vitest';
import { cell, createPaint, stateCell } from '../../src-main/cli/paint.ts';
import { renderTable } from '../../src-main/cli/table.ts';
import { textWidth } from '../../src-main/cli/text-width.ts';

const paint = createPaint(false);

test('columns are aligned, numbers to the right, and no line ends with spaces', () => {
  const lines = renderTable({
    columns: [{ title: 'state' }, { title: 'done', align: 'right' }, { title: 'note' }],
    rows: [
      [stateCell('completed'), cell('100 %'), cell('')],
      [stateCell('failed'), cell('5 %'), cell('why')],
    ],
    paint,
    width: 80,
  });
  expect(lines).toEqual(['state         done  note', '✓ completed  100 %', '✗ failed       5 %  why']);
});

test('a column in which nothing stands is left out', () => {
  const columns = [{ title: 'a' }, { title: 'b' }];
  expect(renderTable({ columns, rows: [[cell('x'), cell('')]], paint, width: 80 })).toEqual(['a', 'x']);
});

test('where the terminal is narrow the widest flexible column is cut first, and no line is too long', () => {
  const lines = renderTable({
    columns: [{ title: 'id' }, { title: 'text', flexible: true }, { title: 'more', flexible: true }],
    rows: [[cell('12345678'), cell('x'.repeat(60)), cell('y'.repeat(20))]],
    paint,
    width: 50,
  });
  expect(lines[1]).toBe(`12345678  ${'x'.repeat(17)}…  ${'y'.repeat(20)}`);
  expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(50);
});

test('a column that may not be cut stays whole, however narrow the terminal', () => {
  const columns = [{ title: 'id' }];
  expect(renderTable({ columns, rows: [[cell('1234567890')]], paint, width: 4 })).toEqual(['id', '1234567890']);
});

test('without titles and with an indent', () => {
  const columns = [{ title: 'a' }, { title: 'b' }];
  const rows = [[cell('x'), cell('y')]];
  expect(renderTable({ columns, rows, paint, width: 80, indent: 2, titled: false })).toEqual(['  x  y']);
});

test('colours do not disturb the alignment', () => {
  const lines = renderTable({
    columns: [{ title: 'a' }, { title: 'b' }],
    rows: [
      [cell('x', 'bad'), cell('1')],
      [cell('long', 'good'), cell('2')],
    ],
    paint: createPaint(true),
    width: 80,
  });
  expect(lines[1]).toBe('\u001b[31mx\u001b[0m     1');
  expect(lines[2]).toBe('\u001b[32mlong\u001b[0m  2');
});

test('R46 cells hold nothing that a terminal would obey', () => {
  expect(cell('a\u001b[2Jb\nc\td')).toEqual({ text: 'ab c d', tone: 'plain' });
});

test('a state that nobody knows is still shown', () => {
  expect(stateCell('unheard-of')).toEqual({ text: '· unheard-of', tone: 'plain' });
});
