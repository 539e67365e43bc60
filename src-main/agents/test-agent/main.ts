import { serveTestAgent } from './acp-agent.ts';
import { parseOptions } from './agent-options.ts';
import { runTestTask } from './command-agent.ts';

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.protocol === 'acp') {
    serveTestAgent(options);
  } else {
    process.exit(await runTestTask(options));
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(64);
}
