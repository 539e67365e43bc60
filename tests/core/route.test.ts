import fc from 'fast-check';
import { expect, it } from 'vitest';
import { agentSelectorSchema } from '../../src-main/contract/workflow.ts';
import { projectOfRoute, routeOf, selectorOfRoute } from '../../src-main/core/route.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}([-_][a-z0-9]{1,4}){0,2}$/);
const selector = fc
  .record({ type: name, id: name, capabilities: fc.array(name, { maxLength: 4 }) }, { requiredKeys: ['capabilities'] })
  .filter((parts) => parts.type !== undefined || parts.id !== undefined)
  .map((parts) => agentSelectorSchema.parse(parts));

it('names a lane by type, id and capabilities', () => {
  expect(routeOf(agentSelectorSchema.parse({ type: 'e2e' }))).toBe('e2e//');
  expect(routeOf(agentSelectorSchema.parse({ id: 'alice', capabilities: ['git', 'build'] }))).toBe('/alice/build,git');
});

it('gives equal demands one lane, whatever the order of their capabilities', () => {
  fc.assert(
    fc.property(selector, (demand) => {
      const turned = { ...demand, capabilities: [...demand.capabilities, ...demand.capabilities].reverse() };
      expect(routeOf(turned)).toBe(routeOf(demand));
    }),
  );
});

it('reads the selector back from the lane', () => {
  fc.assert(
    fc.property(selector, (demand) => {
      const back = selectorOfRoute(routeOf(demand));
      expect(agentSelectorSchema.parse(back)).toEqual({
        ...demand,
        capabilities: [...new Set(demand.capabilities)].sort(),
      });
      expect(routeOf(back)).toBe(routeOf(demand));
    }),
  );
});

it('gives the work of a project lanes of its own, whatever its path holds', () => {
  const path = fc.string({ minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(selector, path, (demand, project) => {
      const route = routeOf(demand, project);
      expect(projectOfRoute(route)).toBe(project);
      expect(selectorOfRoute(route)).toEqual(selectorOfRoute(routeOf(demand)));
      expect(projectOfRoute(routeOf(demand))).toBeUndefined();
    }),
  );
});
