import { findAgentType, knownAgentTypes } from './agent-types.ts';
import { serveAgent } from './serve-agent.ts';

const wanted = process.argv[2] ?? '';
const type = findAgentType(wanted);
if (type === undefined) {
  process.stderr.write(`There is no built-in agent "${wanted}". Give one of: ${knownAgentTypes().join(', ')}.\n`);
  process.exit(64);
}
serveAgent(type);
