import { expect, it } from 'vitest';
import { checkpoint } from '../../src-main/store/checkpoint.ts';
import { connectTo, openTestStore } from './open-test-store.ts';

it('reports how long the log is, and whether it can start over', async () => {
  const { store, file } = await openTestStore();
  await store.close();
  const writer = connectTo(file);
  const reader = connectTo(file, { readonly: true });
  const insert = () => writer.exec("INSERT INTO counters VALUES ('place', hex(randomblob(8)), 1)");
  insert();
  const passive = checkpoint(writer, 'passive', 4_096);
  expect(passive).toEqual({ mode: 'passive', busy: false, walBytes: expect.any(Number) });
  expect(passive.walBytes).toBeGreaterThan(4_096);

  reader.exec('BEGIN; SELECT * FROM counters');
  insert();
  writer.pragma('busy_timeout = 1');
  expect(checkpoint(writer, 'restart', 4_096)).toMatchObject({ mode: 'restart', busy: true });
  reader.exec('COMMIT');
  expect(checkpoint(writer, 'restart', 4_096)).toMatchObject({ mode: 'restart', busy: false });
  insert();
  expect(checkpoint(writer, 'passive', 4_096).walBytes).toBeLessThanOrEqual(passive.walBytes);
});
