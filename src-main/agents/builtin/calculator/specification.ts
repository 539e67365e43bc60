import { join } from 'node:path';
import { z } from 'zod';
import { fatal } from '../stage-failure.ts';
import { readIfPresent } from '../write-atomically.ts';
import { findRecipes } from './operation-catalogue.ts';

/** Name of the file that says what an application is; later stages and runs recognise it by this file. */
export const SPECIFICATION_FILE = 'spec.json';

const specificationSchema = z.object({
  kind: z.literal('calculator'),
  name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  requirements: z.string(),
  operations: z.array(z.string().regex(/^[a-z][a-zA-Z0-9]*$/)).min(1),
});

/** What a calculator application is to be. */
export type Specification = z.infer<typeof specificationSchema>;

/** The specification of the application in `folder`, undefined when there is no such file or it is not one of ours. */
export async function findSpecification(folder: string): Promise<Specification | undefined> {
  const text = await readIfPresent(join(folder, SPECIFICATION_FILE));
  return text === undefined ? undefined : parseSpecification(text);
}

/** The specification in a file's text, undefined when the text is not one. */
export function parseSpecification(text: string): Specification | undefined {
  try {
    return specificationSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // not JSON: a file of another origin, or one that a person broke
  }
}

/** As `findSpecification`; throws a fatal `StageFailure` when there is none. */
export async function readSpecification(folder: string): Promise<Specification> {
  const specification = await findSpecification(folder);
  if (specification === undefined) {
    throw fatal(
      `There is no calculator application in ${folder}`,
      `${SPECIFICATION_FILE} is missing there, or does not describe one`,
      'Give the folder of an application that the workflow "app" made',
    );
  }
  return specification;
}

/** The specification as its file's text. */
export function renderSpecification(specification: Specification): string {
  return `${JSON.stringify(specification, null, 2)}\n`;
}

/** The specification for people, in Markdown. */
export function renderSpecificationDocument(specification: Specification): string {
  const quoted = specification.requirements.split(/\r?\n/).map((line) => `> ${line}`.trimEnd());
  const rows = findRecipes(specification.operations).map(
    (recipe) => `| ${recipe.name} | ${recipe.parameters.join(', ')} | ${recipe.summary} |`,
  );
  const lines = [
    `# Specification of ${specification.name}`,
    '',
    'A calculator with a command line and an HTTP server.',
    '',
    '## Requirements, as given',
    '',
    ...quoted,
    '',
    '## Operations',
    '',
    'Addition, subtraction, multiplication and division are always there; the others were asked for.',
    '',
    '| operation | parameters | answers |',
    '| --- | --- | --- |',
    ...rows,
    '',
    '## Behaviour',
    '',
    '- A wrong or missing number is refused with a message; it never gives a result.',
    '- Results are rounded to 15 significant digits, so that 0.1 + 0.2 is 0.3.',
    '- HTTP: 200 with `{"result": …}`, 400 for wrong input, 404 for an unknown operation, `GET /health` for probes.',
  ];
  return `${lines.join('\n')}\n`;
}
