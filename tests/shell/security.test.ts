import { EventEmitter } from 'node:events';
import type { WebContents } from 'electron';
import { expect, it } from 'vitest';
import { knownAgents } from '../../src-main/engine/known-agents.ts';
import { isOwn, isSamePage, lockDownContents } from '../../src-main/shell/security.ts';

/** What happens when a page asks for a window on `url`. */
function openFrom(url: string): { readonly action: string; readonly opened: readonly string[] } {
  const opened: string[] = [];
  let ask: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  const contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: (handler: typeof ask) => {
      ask = handler;
    },
  });
  lockDownContents(contents as unknown as WebContents, 'app://signalbox/', (page) => opened.push(page));
  return { ...ask({ url }), opened };
}

it('R71 a page opens no window, wherever it would lead', () => {
  for (const url of ['https://example.org/', 'app://signalbox/', 'javascript:alert(1)', 'file:///etc/passwd']) {
    expect(openFrom(url)).toEqual({ action: 'deny', opened: [] });
  }
});

it('R71 the documentation of a known agent opens in the browser of the person, and nothing that only resembles it', () => {
  const documentation = knownAgents[0]?.documentation ?? '';
  expect(openFrom(documentation)).toEqual({ action: 'deny', opened: [documentation] });
  expect(openFrom(`${documentation}?to=elsewhere`).opened).toEqual([]);
});

it('R71 knows what belongs to the interface', () => {
  expect(isSamePage('app://signalbox/#/runs', 'app://signalbox/')).toBe(true);
  expect(isSamePage('app://signalbox/other', 'app://signalbox/')).toBe(false);
  expect(isOwn('app://signalbox/index.html', ['app://signalbox'])).toBe(true);
  expect(isOwn('https://example.org/app://signalbox', ['app://signalbox'])).toBe(false);
  expect(isOwn('no address', ['app://signalbox'])).toBe(false);
});
