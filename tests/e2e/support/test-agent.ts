import { join } from 'node:path';
import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import type { ApiClient, ApiInput } from '../../../src-main/contract/api.ts';
import type { AgentId } from '../../../src-main/contract/ids.ts';
import { expectOk } from './work.ts';

const entry = join(import.meta.dirname, '../../../src-main/agents/test-agent/main.ts');

/** The test agent as a definition; docs/test-agent.md says what it can be told to do. Its type is `tester`. */
function testAgent(id: string, options: Partial<Omit<AgentDefinition, 'id'>> = {}): AgentDefinition {
  const protocol = options.protocol ?? 'acp';
  return {
    id: id as AgentId,
    title: id,
    type: 'tester',
    protocol,
    command: [process.execPath, entry, ...(protocol === 'acp' ? ['acp'] : [])],
    env: {},
    capabilities: [],
    repositories: [],
    slots: 1,
    startTimeoutMs: 20_000,
    idleStopMs: 0,
    permissions: 'reject',
    builtin: false,
    ...options,
  };
}

/** Registers a test agent. */
export async function addTestAgent(
  api: ApiClient,
  id: string,
  options: Partial<Omit<AgentDefinition, 'id'>> = {},
): Promise<AgentId> {
  return expectOk(await api.saveAgent(testAgent(id, options))).id;
}

type NewTask = ApiInput<'enqueueTasks'>['tasks'][number];

/** A task for a test agent, which does what `config` says. */
export function testTask(config: Readonly<Record<string, unknown>>, rest: Partial<NewTask> = {}): NewTask {
  return {
    agent: { type: 'tester' },
    work: { kind: 'prompt', prompt: 'Do as you are told.', config: config as never },
    ...rest,
  };
}
