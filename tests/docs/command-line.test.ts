import { Command } from 'commander';
import { expect, test } from 'vitest';
import { exitCodes } from '../../src-main/cli/refused.ts';
import type { Register } from '../../src-main/cli/register.ts';
import { registerAgentCommands } from '../../src-main/cli/register-agents.ts';
import { registerEngineCommands } from '../../src-main/cli/register-engine.ts';
import { registerScheduleCommands } from '../../src-main/cli/register-schedules.ts';
import { registerWorkCommands } from '../../src-main/cli/register-work.ts';
import { apiErrorSchema } from '../../src-main/contract/error-schemas.ts';
import { eventSchema } from '../../src-main/contract/event.ts';
import { blocks, documents, readText } from './documents.ts';

const document = readText('docs/command-line.md');

function listCommands(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...listCommands(child)]);
}

function registered(): readonly Command[] {
  const program = new Command('signalbox');
  const register: Register = () => async () => {};
  registerWorkCommands(program, register);
  registerScheduleCommands(program, register);
  registerAgentCommands(program, register);
  registerEngineCommands(program, register);
  return listCommands(program);
}

/** `agents add` for a command of a command, `run` for one of the program. */
function fullName(command: Command): string {
  const { parent } = command;
  return parent === null || parent.name() === 'signalbox' ? command.name() : `${parent.name()} ${command.name()}`;
}

test('every command is described', () => {
  const names = registered()
    .map(fullName)
    .filter((name) => !name.endsWith(' list'));
  expect(names.length).toBeGreaterThan(20);
  const missing = names.filter((name) => !new RegExp(`[\`,] ?(signalbox )?${name}[\` ]`).test(document));
  expect(missing).toEqual([]);
});

test('every option is described, and no other', () => {
  const flags = new Set(registered().flatMap(({ options }) => options.map(({ long }) => long ?? '')));
  const known = new Set([...flags, '--help', '--version']);
  const missing = [...flags].filter((flag) => !document.includes(flag));
  const prose = document.replaceAll(/^```\w*\n.*?^```$/gms, '');
  const named = [...prose.matchAll(/(?<=[`\s])--[a-z][a-z-]*/g)].map(([flag]) => flag);
  expect(missing).toEqual([]);
  expect([...new Set(named)].filter((flag) => !known.has(flag))).toEqual([]);
});

test('the commands that documents show exist', () => {
  const names = new Set(registered().map((command) => fullName(command).split(' ')[0]));
  const shown = documents.flatMap((path) => [
    ...readText(path).matchAll(/(?:^|[`$] ?|^ *|\()signalbox ([a-z][a-z-]*)\b/gm),
  ]);
  expect(shown.length).toBeGreaterThan(20);
  expect([...new Set(shown.map(([, name]) => name))].filter((name) => !names.has(name))).toEqual([]);
});

test('every exit code and every type of error is described', () => {
  for (const code of Object.values(exitCodes)) expect(document).toMatch(new RegExp(`(\\| |, )${code}( \\||, )`));
  for (const type of apiErrorSchema.shape.type.options) expect(document).toContain(`\`${type}\``);
});

test('the examples of JSON fit the contract', () => {
  const [error = '', event = ''] = blocks(document, 'json');
  expect(apiErrorSchema.parse(JSON.parse(error).error)).toEqual(JSON.parse(error).error);
  expect(eventSchema.parse(JSON.parse(event))).toEqual(JSON.parse(event));
});
