import { expect, test } from 'vitest';
import { commandRefused } from '../../src-main/core/refusals.ts';
import { countingIds } from '../support/counting-ids.ts';
import { agentDefinition } from '../support/samples.ts';

const ids = countingIds();
const moment = { at: 700, actor: 'person' as const };
const error = { type: 'refused' as const, message: 'No.', remedy: 'Wait.' };

test('R07 a refusal is recorded with what it was about', () => {
  const about = {
    runId: ids.runId(),
    taskId: ids.taskId(),
    attemptId: ids.attemptId(),
    agentId: agentDefinition().id,
  };
  expect(commandRefused(moment, 'cancelRun', error, about)).toEqual({
    ...moment,
    kind: 'command.refused',
    command: 'cancelRun',
    error,
    ...about,
  });
});

test('what a refusal was not about is null', () => {
  expect(commandRefused(moment, 'startRun', error, {})).toEqual({
    ...moment,
    kind: 'command.refused',
    command: 'startRun',
    error,
    runId: null,
    taskId: null,
    attemptId: null,
    agentId: null,
  });
});
