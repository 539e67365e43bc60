import { expect, it } from 'vitest';
import { nodeProblem } from '../../bin/node-guard.mjs';

it('accepts the Node the tests run on', () => {
  expect(nodeProblem()).toBeNull();
});

it.each([{ node: '20.20.2', napi: '9' }, { node: '4.0.0' }])('refuses Node $node and says what to do', (versions) => {
  expect(nodeProblem(versions)).toMatch(
    new RegExp(`this Node ${versions.node}: .* needs Node-API 10, .* Install a newer Node`),
  );
});
