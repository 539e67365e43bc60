import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionUpdate, ToolCallNews } from '../../../src-main/agents/acp/protocol.ts';
import { toolStatuses } from '../../../src-main/agents/acp/protocol.ts';
import { UpdateRecorder } from '../../../src-main/agents/acp/update-recorder.ts';
import type { Activity } from '../../../src-main/contract/task.ts';

function openRecorder() {
  const activities: Activity[] = [];
  const lines: string[] = [];
  let time = 0;
  const recorder = new UpdateRecorder({
    clock: { now: () => time, monotonic: () => time, after: () => () => undefined },
    did: (activity) => activities.push(activity),
    log: (stream, text) => lines.push(`${stream}: ${text}`),
  });
  const pass = (ms: number) => {
    time += ms;
  };
  return { recorder, activities, lines, pass };
}

function chunk(kind: 'message' | 'thought', text: string, messageId: string | null = null): SessionUpdate {
  return { kind, text, messageId };
}

function call(callId: string, changes: Partial<ToolCallNews> = {}): SessionUpdate & { kind: 'toolCall' } {
  const silent = { title: null, tool: null, kindOfTool: null, status: null, output: '', detail: '' };
  return { kind: 'toolCall', callId, ...silent, ...changes };
}

const started = (callId: string, title: string, tool: string) => ({ kind: 'toolCallStarted', callId, title, tool });
const finished = (callId: string, status: string) => ({ kind: 'toolCallFinished', callId, status });

describe('R44 what an agent reports', () => {
  it('becomes activities in order, one per block of thought and message', () => {
    const { recorder, activities, lines } = openRecorder();
    const updates: SessionUpdate[] = [
      chunk('thought', 'Let me '),
      chunk('thought', 'see.\nFirst'),
      call('c1', { title: 'Read a file', tool: 'read', status: 'pending' }),
      call('c1', { status: 'in_progress' }),
      call('c1', { status: 'completed', output: 'two\nlines' }),
      chunk('message', 'Do'),
      chunk('message', 'ne.'),
    ];
    for (const update of updates) recorder.take(update);
    recorder.finish();
    expect(activities).toEqual([
      { kind: 'thinking' },
      started('c1', 'Read a file', 'read'),
      finished('c1', 'completed'),
      { kind: 'replied' },
    ]);
    expect(lines).toEqual([
      'thought: Let me see.',
      'thought: First',
      'tool: started: Read a file (read)',
      'tool:   two\n  lines',
      'tool: completed: Read a file',
      'message: Done.',
    ]);
  });

  it('starts another block where the message id changes, and only there', () => {
    const { recorder, activities, lines } = openRecorder();
    for (const [text, id] of [
      ['a', 'm1'],
      ['b', 'm1'],
      ['c', 'm2'],
      ['d', null],
    ] as const) {
      recorder.take(chunk('message', text, id));
    }
    recorder.finish();
    expect(activities).toEqual([{ kind: 'replied' }, { kind: 'replied' }]);
    expect(lines).toEqual(['message: ab', 'message: cd']);
  });

  it('starts a call that was never announced, and leaves a finished one alone', () => {
    const { recorder, activities } = openRecorder();
    recorder.take(call('c1', { status: 'completed', title: 'Late' }));
    recorder.take(call('c1', { status: 'failed' }));
    recorder.take(call('c1', { status: 'in_progress' }));
    recorder.finish();
    expect(activities).toEqual([started('c1', 'Late', 'other'), finished('c1', 'completed')]);
  });

  it('closes what is left open as abandoned, at the end', () => {
    const { recorder, activities, lines } = openRecorder();
    recorder.take(call('c1', { title: 'One', tool: 'edit' }));
    recorder.take(call('c2', { title: 'Two\nlines', tool: 'edit' }));
    recorder.finish();
    expect(activities.slice(2)).toEqual([finished('c1', 'abandoned'), finished('c2', 'abandoned')]);
    expect(lines.at(-1)).toBe('tool: abandoned: Two lines');
  });

  it('logs what a call printed once, although every update brings all of it again', () => {
    const { recorder, lines } = openRecorder();
    for (const output of ['one', 'one\ntwo', 'one\ntwo', 'other']) recorder.take(call('c1', { output, title: 't' }));
    expect(lines.slice(1)).toEqual(['tool:   one', 'tool:   two', 'tool:   other']);
  });

  it('starts and finishes every call exactly once, whatever is reported (property)', () => {
    const news = fc.record({
      callId: fc.constantFrom('a', 'b', 'c'),
      title: fc.option(fc.string()),
      tool: fc.option(fc.string()),
      kindOfTool: fc.option(fc.constantFrom('edit', 'other')),
      status: fc.option(fc.constantFrom(...toolStatuses)),
      output: fc.string(),
      detail: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(news), (calls) => {
        const { recorder, activities } = openRecorder();
        for (const update of calls) recorder.take({ kind: 'toolCall', ...update });
        recorder.finish();
        const seen = [...new Set(calls.map(({ callId }) => callId))];
        for (const callId of seen) {
          const kinds = activities.filter((a) => 'callId' in a && a.callId === callId).map(({ kind }) => kind);
          expect(kinds).toEqual(['toolCallStarted', 'toolCallFinished']);
        }
      }),
    );
  });

  it('shows plans with their states in the log, bounded', () => {
    const { recorder, activities, lines } = openRecorder();
    const entries = Array.from({ length: 300 }, (_, index) => ({ content: `Step ${index}`, status: 'pending' }));
    recorder.take({ kind: 'plan', entries });
    expect(activities).toMatchObject([{ kind: 'planned', entries: { length: 200 } }]);
    expect(lines[0]).toBe('plan: [pending] Step 0');
  });

  it('reports usage at most once a second, and the last of it at the end', () => {
    const { recorder, activities, pass } = openRecorder();
    for (const used of [1, 2, 3]) recorder.take({ kind: 'usage', used, size: 100, cost: null });
    pass(1_000);
    recorder.take({ kind: 'usage', used: 4, size: 100, cost: '0.5 USD' });
    recorder.take({ kind: 'usage', used: 5, size: 100, cost: '0.6 USD' });
    recorder.finish();
    expect(activities.map((activity) => 'used' in activity && activity.used)).toEqual([1, 4, 5]);
  });

  it('logs notices, and leaves what it does not know alone', () => {
    const { recorder, activities, lines } = openRecorder();
    recorder.take({ kind: 'notice', text: 'warning: low on tokens' });
    recorder.take({ kind: 'other' });
    recorder.finish();
    expect({ activities, lines }).toEqual({ activities: [], lines: ['message: warning: low on tokens'] });
  });

  it('passes on a line without an end in pieces, and no carriage returns', () => {
    const { recorder, lines } = openRecorder();
    recorder.take(chunk('message', `a\r\n${'x'.repeat(40_000)}`));
    recorder.finish();
    expect(lines.map((line) => line.length - 'message: '.length)).toEqual([1, 16_384, 16_384, 7_232]);
  });

  it('R21 has a budget for broken messages, and says at the end how many more there were', () => {
    const { recorder, activities } = openRecorder();
    for (let index = 0; index < 1_000; index += 1) recorder.broken(`broken ${index}`);
    recorder.finish();
    expect(activities).toHaveLength(21);
    expect(activities.at(-1)).toEqual({
      kind: 'protocolBroken',
      detail: '980 more messages that break the protocol',
    });
  });

  it('has a budget for activities; every start that was counted still has its end', () => {
    const { recorder, activities } = openRecorder();
    for (let index = 0; index < 30_000; index += 1) {
      recorder.take(chunk(index % 2 === 0 ? 'thought' : 'message', 'x'));
      if (index % 10 === 0) recorder.take(call(`c${index}`, { title: 't' }));
    }
    recorder.finish();
    const starts = activities.filter(({ kind }) => kind === 'toolCallStarted').length;
    const ends = activities.filter(({ kind }) => kind === 'toolCallFinished').length;
    expect(ends).toBe(starts);
    expect(activities.length).toBeLessThan(9_100);
    expect(activities.at(-1)).toMatchObject({ detail: expect.stringContaining('more activities than') });
  });

  it('records a permission with the call it is about, also when the call was not announced', () => {
    const { recorder, activities } = openRecorder();
    const { kind: _, ...news } = call('c1', { title: 'Run ls', tool: 'execute' });
    const asked = recorder.asked(news);
    expect(asked).toEqual({ callId: 'c1', title: 'Run ls', tool: 'execute', detail: '' });
    recorder.answered(asked, 'reject_once (No)');
    recorder.finish();
    expect(activities).toEqual([
      started('c1', 'Run ls', 'execute'),
      { kind: 'permissionAnswered', callId: 'c1', title: 'Run ls', answer: 'reject_once (No)' },
      finished('c1', 'abandoned'),
    ]);
  });

  it('R47 tells people what a call would do from all that was said about it, in whatever message', () => {
    const { recorder } = openRecorder();
    recorder.take(call('c1', { title: 'Write a file', tool: 'Write', kindOfTool: 'edit', detail: '+ new' }));
    const { kind: _, ...bare } = call('c1');
    expect(recorder.asked(bare)).toEqual({ callId: 'c1', title: 'Write a file', tool: 'edit', detail: '+ new' });
    const { kind: __, ...named } = call('c2', { tool: 'deploy', kindOfTool: 'other' });
    expect(recorder.asked(named)).toEqual({ callId: 'c2', title: 'deploy', tool: 'deploy', detail: '' });
    const { kind: ___, ...unknown } = call('c3');
    expect(recorder.asked(unknown)).toEqual({ callId: 'c3', title: 'c3', tool: 'other', detail: '' });
  });
});
