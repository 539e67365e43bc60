import { basename, extname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { AgentDefinition } from '../contract/agent.ts';
import { agentDefinitionSchema } from '../contract/agent.ts';
import type { Problem } from '../contract/errors.ts';
import type { AgentId } from '../contract/ids.ts';
import { agentIdSchema } from '../contract/ids.ts';
import { liesIn, projectFolderName } from '../contract/project.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { ReadProject } from '../core/ports-projects.ts';
import type { FileTexts } from '../workflows/file-texts.ts';
import type { InsideFile } from '../workflows/inside-folder.ts';
import { listInside } from '../workflows/inside-folder.ts';
import { parseProjectFile } from './project-file.ts';

type ReadAgents = Pick<ReadProject, 'agents' | 'faultyAgents' | 'problems'>;

/** The most agents that a project brings. */
const mostAgents = 50;

const { shape } = agentDefinitionSchema;

/** An agent's file: what is left out is what the window proposes for a new agent. The id is the name of the file. */
const agentFileSchema = z.strictObject({
  ...shape,
  $schema: z.string().optional(),
  id: shape.id.optional(),
  title: shape.title.optional(),
  protocol: shape.protocol.default('acp'),
  command: shape.command.default([]),
  env: shape.env.default({}),
  capabilities: shape.capabilities.default([]),
  repositories: shape.repositories.default([]),
  slots: shape.slots.default(1),
  startTimeoutMs: shape.startTimeoutMs.default(60_000),
  idleStopMs: shape.idleStopMs.default(300_000),
  permissions: shape.permissions.default('ask'),
  builtin: z.undefined().optional(),
  project: z.undefined().optional(),
});

/**
 * Reads the agents of a project, one of a file.
 * @param root the real path of the project.
 */
export async function readAgents(root: string, texts: FileTexts): Promise<ReadAgents> {
  const folder = join(root, projectFolderName, 'agents');
  const listed = await listInside(folder, { root, accepts: /\.(json|ya?ml)$/i, most: mostAgents });
  const agents: ReadAgents['agents'][number][] = [];
  const faultyAgents: AgentId[] = [];
  const problems: ReadAgents['problems'] = listed.problem === null ? [] : [{ path: folder, problem: listed.problem }];
  const seen = new Set<string>();
  for (const file of listed.files) {
    const { path } = file;
    const name = nameOf(path);
    const read = seen.has(name) ? err([twice(name)]) : await readAgent(file, { root, texts });
    if (read.ok) agents.push({ path, definition: read.value });
    else {
      problems.push(...read.error.map((problem) => ({ path, problem })));
      const id = agentIdSchema.safeParse(name);
      if (id.success && !seen.has(name)) faultyAgents.push(id.data);
    }
    seen.add(name);
  }
  return { agents, faultyAgents, problems };
}

async function readAgent(
  { path, problem }: InsideFile,
  { root, texts }: { readonly root: string; readonly texts: FileTexts },
): Promise<Result<AgentDefinition, readonly Problem[]>> {
  if (problem !== null) return err([problem]);
  const file = await texts.read(path);
  if (file === null) return err([fault('The file is not there any more')]);
  if (file.problem !== null) return err([file.problem]);
  const parsed = parseProjectFile(path, file.text, agentFileSchema);
  return parsed.ok ? toDefinition(nameOf(path), parsed.value, root) : parsed;
}

function toDefinition(
  name: string,
  content: z.infer<typeof agentFileSchema>,
  root: string,
): Result<AgentDefinition, readonly Problem[]> {
  const { $schema: _, id, title, builtin: __, project: ___, ...rest } = content;
  if (id !== undefined && id !== name)
    return err([fault(`id is ${id}, and must be the name of the file: ${name}`, 'id')]);
  const program = ownProgram(rest.command, root);
  if (!program.ok) return program;
  const whole = { ...rest, id: name, title: title ?? name, command: program.value, builtin: false, project: root };
  const parsed = agentDefinitionSchema.safeParse(whole);
  if (parsed.success) return ok(parsed.data);
  return err(parsed.error.issues.map(({ path, message }) => fault(`${path.join('.')} ${message}`, path.join('.'))));
}

/** A program that begins with a dot is a file of the project, wherever the work is done. */
function ownProgram(command: readonly string[], root: string): Result<string[], readonly Problem[]> {
  const [program, ...args] = command;
  if (program === undefined || !/^\.{1,2}[/\\]/.test(program)) return ok([...command]);
  const path = resolve(root, program);
  if (liesIn(path, root)) return ok([path, ...args]);
  return err([fault(`command[0] is ${program}, which is outside of the project`, 'command[0]')]);
}

function nameOf(path: string): string {
  return basename(path, extname(path));
}

function twice(name: string): Problem {
  return fault(`Another file is named ${name} as well; this one is not used`);
}

function fault(message: string, path = ''): Problem {
  return { severity: 'error', message, line: 1, column: 1, path };
}
