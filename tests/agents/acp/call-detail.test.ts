import { expect, it } from 'vitest';
import { readDetail } from '../../../src-main/agents/acp/call-detail.ts';

const shown: Parameters<typeof readDetail>[1] = ({ type, path, newText }) => `${type} ${path ?? ''} ${newText ?? ''}`;

it.each<[string, Parameters<typeof readDetail>[0], string]>([
  ['a command word for word', { rawInput: { command: 'rm -r build' } }, 'rm -r build'],
  ['a command that was sent in words', { rawInput: { command: ['npm', 'test'] } }, 'npm test'],
  ['what comes with a command, behind it', { rawInput: { command: 'ls', cwd: '/w' } }, 'ls\n{\n  "cwd": "/w"\n}'],
  ['an input that is text', { rawInput: 'as it is' }, 'as it is'],
  [
    'any other input as it was sent',
    { rawInput: { url: 'x', command: [1] } },
    '{\n  "url": "x",\n  "command": [\n    1\n  ]\n}',
  ],
  ['nothing', { rawInput: {} }, ''],
  ['nothing either', {}, ''],
  [
    'a change of a file instead of the input that repeats it',
    { rawInput: { old: 'a' }, content: [{ type: 'diff', path: '/w/a', newText: 'b' }, { type: 'text' }] },
    'diff /w/a b',
  ],
  ['what is said beside the input', { rawInput: { command: 'ls' }, content: [{ type: 'why' }] }, 'ls\nwhy  '],
])('R47 shows of a call %s', (_, call, text) => {
  expect(readDetail(call, shown)).toBe(text);
});

it('is bounded', () => {
  expect(readDetail({ rawInput: 'x'.repeat(100_000) }, shown)).toHaveLength(40_000);
});
