import type { AgentDefinition } from '../contract/agent.ts';
import type { DetectedAgent } from '../contract/api-agents.ts';
import { agentIdSchema } from '../contract/ids.ts';
import type { ProgramEnvironment } from './find-program.ts';
import { findProgram } from './find-program.ts';
import type { KnownAgent } from './known-agents.ts';
import { knownAgents } from './known-agents.ts';

/** npx may have to fetch an adapter first. */
const startTimeoutMs = 120_000;
const idleStopMs = 5 * 60_000;

/**
 * The agent programs that Signalbox knows, in the order of its table, with where they are on the PATH. Nothing is
 * started: a program that is there may still want to be signed in to.
 */
export function detectAgents(
  env: ProgramEnvironment,
  platform: NodeJS.Platform,
): readonly Omit<DetectedAgent, 'registered'>[] {
  return knownAgents.map((known) => {
    const { path, command } = findWay(known, env, platform);
    const definition = definitionOf(known, command);
    const installs = platform === 'win32' ? (known.installOnWindows ?? known.install) : known.install;
    const part = path === null ? missingPart(known, env, platform) : null;
    const { missing, install } = part ?? { missing: null, install: installs };
    return { definition, path, missing, install, documentation: known.documentation };
  });
}

/** What there is to say, and to install, when the agent is here and only its adapter is not. */
function missingPart({ ways, adapter }: KnownAgent, env: ProgramEnvironment, platform: NodeJS.Platform) {
  const [program] = ways[0].needs;
  const found = adapter === undefined ? null : findProgram(program, env, platform);
  if (adapter === undefined || found === null) return null;
  const missing = `${program} is here (${found}); the adapter that lets Signalbox talk to it, ${adapter.program}, is not`;
  return { missing, install: adapter.install };
}

/** The first way whose programs are all there; else the last, without a path. */
function findWay({ ways }: KnownAgent, env: ProgramEnvironment, platform: NodeJS.Platform) {
  for (const { needs, command } of ways) {
    const paths = needs.map((program) => findProgram(program, env, platform));
    if (!paths.includes(null)) return { path: paths[0] ?? null, command };
  }
  // The last way needs the least, so that it is the one to install for.
  return { path: null, command: (ways.at(-1) ?? ways[0]).command };
}

function definitionOf({ name, title, provider }: KnownAgent, command: readonly string[]): AgentDefinition {
  return {
    id: agentIdSchema.parse(name),
    title,
    type: name,
    protocol: 'acp',
    command: [...command],
    env: {},
    capabilities: ['code'],
    repositories: [],
    slots: 1,
    startTimeoutMs,
    idleStopMs,
    permissions: 'ask',
    builtin: false,
    ...(provider === undefined ? {} : { provider }),
  };
}
