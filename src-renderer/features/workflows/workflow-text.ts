import { nameSchema } from '../../../src-main/contract/ids.ts';

/** The line at the left edge that gives a workflow its name. */
const nameLine = /^name:[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#][^\n#]*?))?[ \t]*(#.*)?$/m;

/** The name that a workflow's text gives itself, as far as can be seen without reading the whole; null: none. */
export function nameIn(source: string): string | null {
  const found = nameLine.exec(source);
  const name = found?.[1] ?? found?.[2] ?? found?.[3];
  return nameSchema.safeParse(name).data ?? null;
}

/** The same text under another name. */
export function renameIn(source: string, name: string): string {
  const line = nameLine.exec(source);
  if (line === null) return `name: ${name}\n${source}`;
  return `${source.slice(0, line.index)}name: ${name}${source.slice(line.index + line[0].length)}`;
}

/** What is wrong with a name for a new workflow, as a sentence; null when nothing is. */
export function nameFault(name: string, taken: readonly string[]): string | null {
  if (name === '') return 'Give it a name.';
  const parsed = nameSchema.safeParse(name);
  if (!parsed.success) return `The name ${parsed.error.issues[0]?.message ?? 'is not valid'}.`;
  return taken.includes(name) ? `There is a workflow ${name} already.` : null;
}

/** A free name for a copy: `app-copy`, `app-copy-2`, … */
export function copyName(name: string, taken: readonly string[]): string {
  const base = `${name.slice(0, 55)}-copy`;
  if (!taken.includes(base)) return base;
  for (let number = 2; ; number += 1) if (!taken.includes(`${base}-${number}`)) return `${base}-${number}`;
}

/** Line of a stage in the text, from 1; null when it cannot be found: the text may say it in many ways. */
export function lineOfStage(source: string, stage: string): number | null {
  const name = stage.replaceAll('-', '\\-');
  const wanted = new RegExp(`^\\s+(?:- +)?(?:name:\\s*["']?${name}["']?\\s*(?:#.*)?$|["']?${name}["']?:)`);
  const lines = source.split('\n');
  const from = lines.findIndex((line) => /^stages:/.test(line));
  const index = lines.findIndex((line, number) => number > from && wanted.test(line));
  return index === -1 ? null : index + 1;
}

/** What a new workflow begins with: two stages that run as they are, and show how one hands on to the next. */
export function newSource(name: string): string {
  return `name: ${name}
title: What it is for
inputs:
  who:
    type: string
    description: whom to greet
    default: world

stages:
  - name: greet
    run: [echo, "hello \${{ inputs.who }}"]

  - name: review
    needs: greet
    approval: Was that polite?
`;
}
