import type { AgentDefinition } from '../contract/agent.ts';
import { agentIdSchema } from '../contract/ids.ts';
import { entryPath } from './entry-path.ts';

/** Title and capabilities of the built-in agents that speak ACP; the name is id, type and argument of their program. */
const acpAgents = [
  { name: 'scaffold', title: 'Scaffold: creates and changes the application', capabilities: ['scaffold', 'code'] },
  { name: 'validation', title: 'Validation: checks files, syntax and modules', capabilities: ['validation'] },
  { name: 'e2e', title: 'End to end: runs the tests and finds faults', capabilities: ['e2e', 'testing'] },
  { name: 'integration', title: 'Integration: starts the application and calls it', capabilities: ['integration'] },
  { name: 'deployment', title: 'Deployment: packs, installs and watches releases', capabilities: ['deployment'] },
] as const;

const ACP_SLOTS = 2;
const SHELL_SLOTS = 8;
const START_TIMEOUT_MS = 30_000;
const IDLE_STOP_MS = 5 * 60_000;

/** The program that runs built-in agents. On Electron its own executable, which a variable turns into plain Node. */
export interface AgentRuntime {
  readonly execPath: string;
  readonly isElectron: boolean;
}

const thisRuntime: AgentRuntime = {
  execPath: process.execPath,
  isElectron: process.versions.electron !== undefined,
};

/** The agents that are there without being configured, registered anew at every start because paths may have changed. */
export function builtinAgentDefinitions(runtime: AgentRuntime = thisRuntime): readonly AgentDefinition[] {
  const common = {
    env: {},
    repositories: [],
    startTimeoutMs: START_TIMEOUT_MS,
    idleStopMs: IDLE_STOP_MS,
    permissions: 'reject',
    builtin: true,
  } as const;
  const acp = acpAgents.map(
    ({ name, title, capabilities }): AgentDefinition => ({
      ...common,
      id: agentIdSchema.parse(name),
      title,
      type: name,
      protocol: 'acp',
      command: [runtime.execPath, entryPath('builtin-agent'), name],
      env: runtime.isElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {},
      capabilities: [...capabilities],
      repositories: [],
      slots: ACP_SLOTS,
    }),
  );
  const shell: AgentDefinition = {
    ...common,
    id: agentIdSchema.parse('shell'),
    title: 'Shell: runs commands and scripts',
    type: 'shell',
    protocol: 'shell',
    command: [],
    capabilities: ['shell'],
    repositories: [],
    slots: SHELL_SLOTS,
  };
  return [...acp, shell];
}
