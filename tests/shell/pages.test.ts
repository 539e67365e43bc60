import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerFile } from '../../src-main/shell/interface-files.ts';
import { menuTemplate } from '../../src-main/shell/menu.ts';
import { createReloadBudget } from '../../src-main/shell/reload-budget.ts';
import { isOwn, isSamePage } from '../../src-main/shell/security.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the files of the interface', () => {
  function makeInterface(): string {
    const folder = join(temporaryFolder(), 'renderer');
    mkdirSync(join(folder, 'assets'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<!doctype html>');
    writeFileSync(join(folder, 'assets', 'index.js'), 'run();');
    writeFileSync(join(folder, 'notes.bin'), 'of no known type');
    writeFileSync(join(folder, '..', 'secret.json'), '{}');
    return folder;
  }

  test('are served with their type and a strict policy', async () => {
    const folder = makeInterface();
    const page = await answerFile(folder, { method: 'GET', url: 'app://signalbox/?x=1' });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toBe('<!doctype html>');
    const script = await answerFile(folder, { method: 'HEAD', url: 'app://signalbox/assets/index.js' });
    expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(await script.text()).toBe('');
  });

  test.each([
    ['GET', 'app://signalbox/../secret.json', 404],
    ['GET', 'app://signalbox/..%2fsecret.json', 404],
    ['GET', 'app://signalbox/assets/%2e%2e%2f%2e%2e%2fsecret.json', 404],
    ['GET', 'app://signalbox/..%5csecret.json', 404],
    ['GET', 'app://signalbox/index.html%00.js', 404],
    ['GET', 'app://signalbox/%', 404],
    ['GET', 'app://signalbox/assets', 404],
    ['GET', 'app://signalbox/missing.js', 404],
    ['GET', 'app://signalbox/notes.bin', 404],
    ['GET', 'app://elsewhere/index.html', 404],
    ['GET', 'no address', 404],
    ['POST', 'app://signalbox/index.html', 405],
  ])('%s %s is refused', async (method, url, status) => {
    const answer = await answerFile(makeInterface(), { method, url });
    expect(answer.status).toBe(status);
    expect(await answer.text()).toBe('');
  });
});

describe('where a page may go', () => {
  test('is its own address, with any route', () => {
    expect(isSamePage('app://signalbox/#/runs', 'app://signalbox/')).toBe(true);
    expect(isSamePage('app://signalbox/', 'app://signalbox/')).toBe(true);
    expect(isSamePage('app://signalbox/download/events.jsonl', 'app://signalbox/')).toBe(false);
    expect(isSamePage('https://attacker.invalid/', 'app://signalbox/')).toBe(false);
  });

  test.each([
    ['app://signalbox/assets/index.js', true],
    ['data:image/png;base64,AA', true],
    ['app://signalbox.attacker/index.js', false],
    ['https://attacker.invalid/', false],
    ['wss://attacker.invalid/', false],
    ['file:///etc/passwd', false],
    ['no address', false],
  ])('%s is loaded: %s', (url, expected) => {
    expect(isOwn(url, ['app://signalbox'])).toBe(expected);
  });

  test('the development server is also spoken to by its socket', () => {
    expect(isOwn('ws://localhost:5173/', ['http://localhost:5173'])).toBe(true);
  });
});

test('a page that dies is loaded three times in a minute, and again when that is over', () => {
  let now = 0;
  const mayReload = createReloadBudget(() => now);
  expect([mayReload(), mayReload(), mayReload(), mayReload()]).toEqual([true, true, true, false]);
  now = 59_999;
  expect(mayReload()).toBe(false);
  now = 60_000;
  expect(mayReload()).toBe(true);
});

describe('the menu', () => {
  function labels(isMac: boolean, isDeveloped: boolean): string {
    return JSON.stringify(
      menuTemplate({ isMac, isDeveloped, openWindow: () => {}, goTo: () => {}, checkForUpdates: () => {} }),
    );
  }

  test('has quitting and settings where each system has them', () => {
    expect(labels(true, false)).toContain('"appMenu"');
    expect(labels(false, false)).not.toContain('"appMenu"');
    for (const isMac of [true, false]) {
      expect(labels(isMac, false).match(/"role":"quit"/g)).toHaveLength(1);
      expect(labels(isMac, false).match(/Settings…/g)).toHaveLength(1);
    }
  });

  test('offers the tools for developers to developers', () => {
    expect(labels(false, true)).toContain('toggleDevTools');
    expect(labels(false, false)).not.toContain('toggleDevTools');
  });

  test('leads to every view', () => {
    const routes: string[] = [];
    const template = menuTemplate({
      isMac: false,
      isDeveloped: false,
      openWindow: () => {},
      goTo: (route) => routes.push(route),
      checkForUpdates: () => {},
    });
    const view = template.find(({ label }) => label === '&View')?.submenu;
    for (const item of Array.isArray(view) ? view : []) item.click?.(undefined as never, undefined, undefined as never);
    expect(routes).toHaveLength(10);
    expect(routes).toEqual(expect.arrayContaining(['/inbox', '/messages', '/schedules']));
  });
});
