import { describe, expect, it } from 'vitest';
import { eventKinds } from '../../../src-main/contract/event.ts';
import { eventsDownload, readEventFilter } from '../../../src-renderer/features/events/event-filter.ts';
import { eventGroups, kindsOf, wantedKinds } from '../../../src-renderer/features/events/event-groups.ts';

const runId = 'run_01hzy3v8k2m4n6p8q0r2s4t6v8';

describe('groups of kinds', () => {
  it('hold every kind of the contract once', () => {
    expect(eventGroups.flatMap(kindsOf).toSorted()).toEqual(eventKinds.toSorted());
  });

  it('add up with kinds that were chosen by name', () => {
    expect(wantedKinds([], [])).toBeNull();
    expect(wantedKinds(['command'], ['run.failed'])).toEqual(['command.refused', 'run.failed']);
  });
});

describe('the filter of the address', () => {
  it('is empty when nothing is asked for', () => {
    expect(readEventFilter('').filter).toEqual({});
  });

  it('takes every part that is known and leaves out what is not', () => {
    const { filter, faults } = readEventFilter(
      `run=${runId}&agent=shell&kind=run.failed,run.exploded&actor=person&q=%20disk%20`,
    );
    expect(faults).toEqual({});
    expect(filter).toEqual({
      runId,
      agentId: 'shell',
      kinds: ['run.failed'],
      actors: ['person'],
      search: 'disk',
    });
  });

  it('says what is wrong with an identifier instead of showing everything', () => {
    const { filter, faults } = readEventFilter('run=nonsense');
    expect(filter).toEqual({});
    expect(faults.run).toContain('must look like run_');
  });

  it('is the filter of the export, too', () => {
    const { filter } = readEventFilter(`run=${runId}`);
    const address = new URL(eventsDownload(filter), 'http://localhost');
    expect(address.pathname).toBe('/download/events.jsonl');
    expect(JSON.parse(address.searchParams.get('filter') ?? '')).toEqual({ runId });
  });
});
