import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GroupHeading, nextRow, withHeadings } from '../../../src-renderer/ui/table-groups.ts';

const rowsOf = (groups: readonly (string | null)[]) => groups.map((group, id) => ({ id, group }));
const groupOf = ({ group }: { readonly group: string | null }) =>
  group === null ? null : { key: group, title: group };

it('a table puts a heading above the first row of each group, and leaves the rows as they are', () => {
  const items = withHeadings(rowsOf([null, 'a', 'a', 'b']), groupOf);
  expect(items.map((item) => (item instanceof GroupHeading ? `# ${item.group.key}` : item.id))).toEqual([
    0,
    '# a',
    1,
    2,
    '# b',
    3,
  ]);
});

it('keys reach every row and no heading, in both directions', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', null), { minLength: 1, maxLength: 20 }), (groups) => {
      const rows = rowsOf(groups.toSorted());
      const items = withHeadings(rows, groupOf);
      const met: unknown[] = [];
      let at = nextRow(items, -1, 1);
      for (let before = -1; at !== before; ) {
        met.push(items[at]);
        before = at;
        at = nextRow(items, at, 1);
      }
      expect(met).toEqual(rows);
      for (let before = -1; at !== before; ) {
        before = at;
        at = nextRow(items, at, -1);
      }
      expect(items[at]).toBe(rows[0]);
    }),
  );
});
