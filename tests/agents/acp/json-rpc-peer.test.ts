import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RpcAnswer, RpcQuestion } from '../../../src-main/agents/acp/json-rpc-peer.ts';
import { JsonRpcPeer, refuseMethod, refuseParams } from '../../../src-main/agents/acp/json-rpc-peer.ts';

function openPeer() {
  const sent: unknown[] = [];
  const events: unknown[] = [];
  const questions: RpcQuestion[] = [];
  const peer = new JsonRpcPeer({
    send: (line) => sent.push(JSON.parse(line)),
    onNotification: (method, params) => events.push({ method, params }),
    onQuestion: (question) => questions.push(question),
    onBroken: (detail, line) => events.push({ broken: detail, line }),
  });
  const ask = (method = 'ask') => {
    const answers: RpcAnswer[] = [];
    peer.request(method, {}, (answer) => {
      answers.push(answer);
      events.push(answer);
    });
    return answers;
  };
  return { peer, sent, events, questions, ask };
}

describe('a JSON-RPC peer', () => {
  it('matches answers to requests by their ids, in any order', () => {
    const { peer, sent, ask } = openPeer();
    const [first, second] = [ask('first'), ask('second')];
    expect(sent).toEqual([
      { jsonrpc: '2.0', id: 1, method: 'first', params: {} },
      { jsonrpc: '2.0', id: 2, method: 'second', params: {} },
    ]);
    peer.receive('{"jsonrpc":"2.0","id":2,"result":"two"}');
    peer.receive('{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no","data":{"a":1}}}');
    expect(second).toEqual([{ kind: 'result', result: 'two' }]);
    expect(first).toEqual([{ kind: 'error', error: { code: -1, message: 'no', data: { a: 1 } } }]);
  });

  it('R44 handles every message before the next: an answer is not overtaken', () => {
    const { peer, events, ask } = openPeer();
    ask();
    peer.receive('{"jsonrpc":"2.0","method":"before","params":1}');
    peer.receive('{"jsonrpc":"2.0","id":1,"result":{}}');
    peer.receive('{"jsonrpc":"2.0","method":"after"}');
    expect(events).toEqual([
      { method: 'before', params: 1 },
      { kind: 'result', result: {} },
      { method: 'after', params: undefined },
    ]);
  });

  it('R14 takes the first answer; a second, a late and a foreign one are reported and change nothing', () => {
    const { peer, events, ask } = openPeer();
    const answers = ask();
    for (const id of [1, 1, 424242, null]) peer.receive(JSON.stringify({ jsonrpc: '2.0', id, result: {} }));
    expect(answers).toHaveLength(1);
    expect(events.slice(1)).toHaveLength(3);
    expect(events[1]).toMatchObject({ broken: expect.stringContaining('does not wait for one') });
  });

  it('answers a question once', () => {
    const { peer, sent, questions } = openPeer();
    peer.receive('{"jsonrpc":"2.0","id":"q1","method":"may_i","params":{}}');
    questions[0]?.answer({ yes: true });
    questions[0]?.refuse(-1, 'too late');
    expect(sent).toEqual([{ jsonrpc: '2.0', id: 'q1', result: { yes: true } }]);
  });

  it('refuses what is not offered, and what cannot be understood, by the codes of JSON-RPC', () => {
    const { peer, sent, questions } = openPeer();
    peer.receive('{"jsonrpc":"2.0","id":1,"method":"fs/read_text_file","params":{}}');
    peer.receive('{"jsonrpc":"2.0","id":2,"method":"session/request_permission","params":[]}');
    if (questions[0]) refuseMethod(questions[0]);
    if (questions[1]) refuseParams(questions[1]);
    expect(sent).toMatchObject([
      { id: 1, error: { code: -32601 } },
      { id: 2, error: { code: -32602 } },
    ]);
  });

  it('settles what waits when it closes, and is silent from then on', () => {
    const { peer, sent, events, ask } = openPeer();
    const waiting = ask();
    peer.close();
    peer.close();
    const late = ask();
    peer.notify('more', {});
    peer.receive('garbage');
    expect([waiting, late]).toEqual([[{ kind: 'closed' }], [{ kind: 'closed' }]]);
    expect(sent).toHaveLength(1);
    expect(events).toHaveLength(2);
  });

  it('R21 survives 1,000 fuzzed lines, and answers none of them', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.json({ maxDepth: 4 }),
      fc.json().map((json) => json.slice(0, Math.floor(json.length / 2))),
      fc.jsonValue().map((value) => JSON.stringify({ jsonrpc: '2.0', id: value, result: value })),
      fc
        .record({ jsonrpc: fc.constant('2.0'), id: fc.jsonValue(), error: fc.jsonValue() })
        .map((m) => JSON.stringify(m)),
      fc.constant('x'.repeat(100_000)),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 50, maxLength: 50 }), (lines) => {
        const { peer, sent, ask } = openPeer();
        for (const text of lines) peer.receive(text);
        const answers = ask();
        peer.receive('{"jsonrpc":"2.0","id":1,"result":"still here"}');
        expect(answers).toEqual([{ kind: 'result', result: 'still here' }]);
        expect(sent).toHaveLength(1);
      }),
      { numRuns: 20 },
    );
  });
});
