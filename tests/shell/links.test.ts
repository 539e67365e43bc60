import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { hearLinks } from '../../src-main/shell/links.ts';

function hear(...argv: readonly string[]) {
  const source = new EventEmitter();
  const links = hearLinks(source, argv);
  let prevented = 0;
  return {
    links,
    openUrl: (link: string) => source.emit('open-url', { preventDefault: () => (prevented += 1) }, link),
    startAgain: (...words: readonly string[]) => source.emit('second-instance', {}, words),
    prevented: () => prevented,
  };
}

/** Where links lead after the windows are there. */
function lead({ links }: ReturnType<typeof hear>) {
  const shown: (string | undefined)[] = [];
  const first = links.lead((route) => shown.push(route));
  return { first, shown };
}

test('the first window opens where the command line leads, or at its start', () => {
  expect(lead(hear('/usr/bin/signalbox', 'signalbox://queue')).first).toBe('/queue');
  expect(lead(hear('/usr/bin/signalbox')).first).toBeUndefined();
});

test('a link that comes before anything is ready leads the first window', () => {
  const app = hear('/usr/bin/signalbox');
  app.openUrl('signalbox://inbox');
  expect(lead(app)).toEqual({ first: '/inbox', shown: [] });
  expect(app.prevented()).toBe(1);
});

test('a second start while the engine is still opening keeps its link until the window is there', () => {
  const app = hear('/usr/bin/signalbox', 'signalbox://queue');
  app.startAgain('/usr/bin/signalbox', 'signalbox://agent/claude');
  // One that only starts again, and one that leads nowhere, take nothing back.
  app.startAgain('/usr/bin/signalbox');
  app.openUrl('signalbox://nowhere');
  expect(lead(app)).toEqual({ first: '/agents/claude', shown: [] });
});

test('with windows, every link leads the one in front, and a further start brings it there', () => {
  const app = hear('/usr/bin/signalbox');
  const { shown } = lead(app);
  app.openUrl('signalbox://events');
  app.openUrl('https://attacker.invalid/');
  app.startAgain('/usr/bin/signalbox');
  app.startAgain('/usr/bin/signalbox', 'signalbox://workflow/app');
  expect(shown).toEqual(['/events', undefined, '/workflows/app']);
});

test('the login that starts again what is running brings nothing to the front', () => {
  const app = hear('/usr/bin/signalbox');
  const { shown } = lead(app);
  app.startAgain('/usr/bin/signalbox', '--hidden');
  expect(shown).toEqual([]);
  app.startAgain('/usr/bin/signalbox', '--hidden', 'signalbox://queue');
  expect(shown).toEqual(['/queue']);
});
