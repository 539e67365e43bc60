import { describe, expect, it } from 'vitest';
import { taskEntries } from '../../../src-main/contract/api-tasks.ts';
import { changeWords } from '../../../src-renderer/features/queue/change-words.ts';
import { queueTabs, readTaskFilter, tasksDownload } from '../../../src-renderer/features/queue/task-filter.ts';
import { workText } from '../../../src-renderer/features/queue/work-text.ts';

describe('the tasks that a tab asks for', () => {
  it('are all of its states, in the order of claiming, when nothing is chosen', () => {
    expect(readTaskFilter('', queueTabs.waiting)).toEqual({
      filter: { states: ['queued', 'blocked', 'claimed', 'running'] },
      sort: { by: 'queue', direction: 'ascending' },
      isFiltered: false,
    });
    expect(readTaskFilter('', queueTabs.all).filter).toEqual({});
  });

  it('follow the address, as far as it fits the tab', () => {
    const asked = readTaskFilter(
      'state=queued,dead&priority=high&agent=shell&category=exit&q=import&sort=created&order=ascending',
      queueTabs.waiting,
    );
    expect(asked).toEqual({
      filter: { states: ['queued'], priorities: ['high'], agentId: 'shell', category: 'exit', search: 'import' },
      sort: { by: 'created', direction: 'ascending' },
      isFiltered: true,
    });
    expect(taskEntries.listTasks.input.safeParse({ ...asked.filter, sort: asked.sort, count: true }).success).toBe(
      true,
    );
  });

  it('are what the export holds', () => {
    const address = new URL(tasksDownload(readTaskFilter('', queueTabs.dead)), 'http://localhost');
    const filter = JSON.parse(address.searchParams.get('filter') ?? '');
    expect(filter).toEqual({ states: ['dead'], sort: { by: 'ended', direction: 'descending' } });
    expect(taskEntries.listTasks.input.safeParse(filter).success).toBe(true);
  });
});

describe('what came of a change', () => {
  it('is one sentence when nothing refused', () => {
    expect(changeWords({ kind: 'requeue' }, { changed: 3, refused: 0, refusals: [] })).toEqual({
      title: '3 tasks put back into the queue',
      message: '',
    });
  });

  it('says how many refused, and why the first did', () => {
    const error = { type: 'refused', message: 'It has ended.', remedy: 'Choose another.' } as const;
    const refusals = taskEntries.changeTasks.output.shape.refusals.parse([
      { taskId: 'task_01hzy3v8k2m4n6p8q0r2s4t6v8', error },
    ]);
    expect(changeWords({ kind: 'cancel', reason: 'over' }, { changed: 0, refused: 1, refusals })).toEqual({
      title: 'No task was cancelled',
      message: '1 refused and stayed as it is. It has ended. Choose another.',
    });
  });
});

it('work is shown as the text that it is', () => {
  expect(workText({ kind: 'prompt', prompt: 'Mend it', config: {} })).toBe('Mend it');
  expect(workText({ kind: 'command', command: { kind: 'script', script: 'ls | wc' } })).toBe('ls | wc');
  expect(workText({ kind: 'command', command: { kind: 'argv', argv: ['node', 'a b.js'] } })).toBe('node\na b.js');
});
