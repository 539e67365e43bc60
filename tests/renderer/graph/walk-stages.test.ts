import { expect, test } from 'vitest';
import { workflowDefinitionSchema } from '../../../src-main/contract/workflow.ts';
import { describeRest, stagesOf } from '../../../src-renderer/features/graph/graph-stage.ts';
import type { WalkKey } from '../../../src-renderer/features/graph/walk-stages.ts';
import { isWalkKey, walkFrom } from '../../../src-renderer/features/graph/walk-stages.ts';
import { stageSpec, workflowOf } from '../../support/samples.ts';

/** start → left, right → join */
const drawing = {
  blocks: new Map([
    ['start', { x: 0, y: 40 }],
    ['left', { x: 200, y: 0 }],
    ['right', { x: 200, y: 80 }],
    ['join', { x: 400, y: 40 }],
  ]),
  tracks: [
    { from: 'start', to: 'left', path: '' },
    { from: 'start', to: 'right', path: '' },
    { from: 'left', to: 'join', path: '' },
    { from: 'right', to: 'join', path: '' },
  ],
};

test.each<[string, WalkKey, string | null]>([
  ['start', 'ArrowRight', 'left'],
  ['right', 'ArrowRight', 'join'],
  ['join', 'ArrowRight', null],
  ['join', 'ArrowLeft', 'left'],
  ['start', 'ArrowLeft', null],
  ['left', 'ArrowDown', 'right'],
  ['right', 'ArrowUp', 'left'],
  ['left', 'ArrowUp', null],
  ['right', 'Home', 'start'],
  ['left', 'End', 'join'],
  ['gone', 'ArrowRight', 'start'],
])('from %s the key %s leads to %s', (from, key, to) => {
  expect(walkFrom(drawing, from, key)).toBe(to);
});

test('other keys lead nowhere', () => {
  expect(['ArrowUp', 'Enter', 'j'].map(isWalkKey)).toEqual([true, false, false]);
});

test('what a block does not show is there to be heard', () => {
  expect(describeRest({ name: 'ship', needs: ['test', 'review'], kind: 'approval' })).toBe(
    'approval, needs test, review',
  );
  expect(describeRest({ name: 'a', needs: [], kind: 'run' })).toBe('command');
});

test('the stages of a definition say who does them', () => {
  const definition = workflowDefinitionSchema.parse(
    workflowOf([
      stageSpec('a', { action: { kind: 'agent', agent: { type: 'coder', capabilities: [] }, prompt: 'x', with: {} } }),
      stageSpec('b', { needs: ['a'], action: { kind: 'run', command: { kind: 'argv', argv: ['npm', 'test'] } } }),
      stageSpec('c', { action: { kind: 'run', command: { kind: 'script', script: 'first\nsecond' } } }),
      stageSpec('d', { title: 'Ship', action: { kind: 'approval', question: 'go?', onTimeout: 'reject' } }),
    ]),
  );
  expect(stagesOf(definition).map(({ name, kind, about }) => [name, kind, about])).toEqual([
    ['a', 'agent', 'agent coder'],
    ['b', 'run', 'npm test'],
    ['c', 'run', 'first'],
    ['d', 'approval', 'asks you'],
  ]);
});
