import { expect, test } from 'vitest';
import { api } from '../../src-main/contract/api.ts';
import { isApiName } from '../../src-main/contract/api-names.ts';
import { requestSchema } from '../../src-main/contract/wire.ts';
import { blocks, readText } from './documents.ts';

const document = readText('docs/browser-host.md');
const commands = [...blocks(document, 'sh'), ...blocks(readText('docs/command-line.md'), 'sh')];

test('the calls over HTTP that documents show are those of the contract', () => {
  const shown = commands.flatMap((command) => [
    ...command.matchAll(/-d '([^']*)'[^']*?http:\/\/127\.0\.0\.1:\d+\/api\/(\w+)/g),
  ]);
  expect(shown.length).toBeGreaterThan(2);
  for (const [, input = '', name = ''] of shown) {
    expect(isApiName(name), name).toBe(true);
    if (isApiName(name)) expect(api[name].input.safeParse(JSON.parse(input)).error, name).toBeUndefined();
  }
});

test('the answer that is shown is one of the contract', () => {
  const [answer = ''] = blocks(document, 'json');
  expect(api.listRuns.output.safeParse(JSON.parse(answer).value).error).toBeUndefined();
});

test('what can be asked over a WebSocket is named', () => {
  for (const option of requestSchema.options) expect(document).toContain(`\`${option.shape.ask.value}\``);
});
