import { expect, it } from 'vitest';
import { OpenQuestions } from '../../../src-main/agents/acp/open-questions.ts';
import { until } from '../../support/until.ts';
import { Witness } from '../launcher/open-room.ts';

const call = { callId: 'c1', title: 'Use sesame', tool: 'execute', detail: 'open sesame' };
const allow = { id: 'sesame-yes', kind: 'allow_once', name: 'Yes, sesame' } as const;

function open() {
  const witness = new Witness();
  const told: [string | null, string][] = [];
  const redact = (text: string) => text.replaceAll('sesame', '[redacted]');
  const questions = new OpenQuestions({ redact, ask: (question) => witness.asked(question) });
  return { questions, witness, told, done: (id: string | null, answer: string) => void told.push([id, answer]) };
}

it('I11 R47 shows a question without secrets, and gives the agent its own id of the option back', async () => {
  const { questions, witness, told, done } = open();
  questions.ask(call, [allow], done);
  const [asked] = witness.questions;
  expect(asked).toMatchObject({
    title: 'Use [redacted]',
    detail: 'open [redacted]',
    options: [{ id: '[redacted]-yes', kind: 'allow_once', name: 'Yes, [redacted]' }],
  });
  asked?.answer('[redacted]-yes');
  expect(await until('the answer', () => told[0])).toEqual(['sesame-yes', '[redacted]-yes, by the test']);
  questions.cancelAll('the end');
  expect(told).toHaveLength(1);
  expect(asked?.withdrawn).toBeNull();
});

it('cancels a question without an answer that could be chosen, and asks nobody', () => {
  const { questions, witness, told, done } = open();
  const unusable = [
    { ...allow, id: '' },
    { ...allow, id: 'x'.repeat(1_001) },
  ];
  questions.ask(call, unusable, done);
  expect(told).toEqual([[null, 'cancelled: it offers no answer']]);
  expect(witness.questions).toEqual([]);
});

it('bounds what is shown: text, names and the number of options, each with an id of its own', () => {
  const { questions, witness, done } = open();
  const many = Array.from({ length: 80 }, (_, index) => ({ ...allow, id: `id-${index}`, name: 'n'.repeat(600) }));
  questions.ask({ ...call, detail: 'd'.repeat(20_000) }, [...many, ...many], done);
  const [asked] = witness.questions;
  expect(asked?.detail).toHaveLength(10_000);
  expect(asked?.detail.endsWith('…')).toBe(true);
  expect(asked?.options).toHaveLength(50);
  expect(asked?.options[0]?.name).toHaveLength(500);
});

it('tells the agent that nobody answers, and withdraws the question; a late answer changes nothing', async () => {
  const { questions, witness, told, done } = open();
  questions.ask(call, [allow], done);
  questions.cancelAll('the attempt is being stopped');
  questions.cancelAll('again');
  expect(told).toEqual([[null, 'cancelled: the attempt is being stopped']]);
  expect(witness.questions[0]?.withdrawn).toBe('the attempt is being stopped');
  witness.questions[0]?.answer('[redacted]-yes');
  await Promise.resolve();
  expect(told).toHaveLength(1);
});

it('takes an answer that the question does not offer for none', async () => {
  const { questions, witness, told, done } = open();
  questions.ask(call, [allow], done);
  witness.questions[0]?.answer('something else');
  expect(await until('the answer', () => told[0])).toEqual([null, 'something else, by the test']);
});
