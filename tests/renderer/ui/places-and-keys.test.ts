import { describe, expect, it } from 'vitest';
import { bestMatches, matchWords } from '../../../src-renderer/frame/match-words.ts';
import { changeQuery, parseHash } from '../../../src-renderer/ui/hash-location.ts';
import { keyName, takeKey } from '../../../src-renderer/ui/key-sequence.ts';
import { keysBetween } from '../../../src-renderer/ui/use-selection.ts';

describe('the address of a view', () => {
  it.each([
    ['', { path: '/', search: '' }],
    ['#/runs', { path: '/runs', search: '' }],
    ['#runs/a/logs?q=x%3Fy&state=failed', { path: '/runs/a/logs', search: 'q=x%3Fy&state=failed' }],
    ['#/runs?q=what?', { path: '/runs', search: 'q=what?' }],
  ])('takes %s apart', (hash, place) => {
    expect(parseHash(hash)).toEqual(place);
  });

  it('changes only what it is told to, and leaves out what is empty', () => {
    expect(changeQuery('state=failed&q=old', { q: 'new text', state: null, since: '' })).toBe('q=new+text');
  });
});

describe('shortcuts', () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

  it('names keys by what they write, and Ctrl and Cmd alike', () => {
    expect([
      keyName({ ...plain, key: '?', shiftKey: true }),
      keyName({ ...plain, key: 'K', ctrlKey: true }),
      keyName({ ...plain, key: 'k', metaKey: true }),
      keyName({ ...plain, key: 'Enter', shiftKey: true }),
    ]).toEqual(['?', 'mod+k', 'mod+k', 'shift+Enter']);
  });

  it('waits for the second key of a pair, and forgets the first when none fits', () => {
    const known = ['g r', 'j', 'r'];
    expect([
      takeKey('', 'g', known),
      takeKey('g', 'r', known),
      takeKey('g', 'j', known),
      takeKey('g', 'z', known),
    ]).toEqual([
      { kind: 'begun', keys: 'g' },
      { kind: 'match', keys: 'g r' },
      { kind: 'match', keys: 'j' },
      { kind: 'nothing' },
    ]);
  });
});

describe('choosing rows', () => {
  it('takes all rows between two, whichever came first', () => {
    expect([keysBetween(['a', 'b', 'c', 'd'], 'd', 'b'), keysBetween(['a', 'b'], 'gone', 'b')]).toEqual([
      ['b', 'c', 'd'],
      ['b'],
    ]);
  });
});

describe('matching what was typed', () => {
  it('wants every letter in order, and prefers beginnings', () => {
    expect(matchWords('xyz', 'start app')).toBeNull();
    expect(bestMatches('sa', ['metrics and', 'Start app', 'usable'], (text) => text)).toEqual([
      'Start app',
      'usable',
      'metrics and',
    ]);
  });

  it('offers everything when nothing was typed', () => {
    expect(bestMatches(' ', ['b', 'a'], (text) => text)).toEqual(['b', 'a']);
  });
});
