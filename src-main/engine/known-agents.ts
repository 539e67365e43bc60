/**
 * One way to start a known agent. `needs`: programs that must be on the PATH, the agent's own first. `command`: what
 * then starts it as an agent of the Agent Client Protocol.
 */
interface AgentWay {
  readonly needs: readonly [string, ...string[]];
  readonly command: readonly string[];
}

/** An agent program that Signalbox knows how to start. */
export interface KnownAgent {
  /** Id and type that it gets when it is added. */
  readonly name: string;
  readonly title: string;
  /** Whose service it uses; absent where its user chooses among several. */
  readonly provider?: string;
  /** The best first; the first whose programs are all there is taken. */
  readonly ways: readonly [AgentWay, ...AgentWay[]];
  /** The exact command that installs it. */
  readonly install: string;
  /** The same on Windows, where it differs. */
  readonly installOnWindows?: string;
  readonly documentation: string;
  /** What lets Signalbox talk to it, where it does not speak the protocol by itself. */
  readonly adapter?: { readonly program: string; readonly install: string };
}

/** Started as they are; each speaks the protocol when told so. */
function itself(program: string, ...args: string[]): KnownAgent['ways'] {
  return [{ needs: [program], command: [program, ...args] }];
}

/** Started through an adapter: installed as a program of its own, or else fetched by npx at its first start. */
function adapted(program: string, adapter: string, adapterPackage: string): Pick<KnownAgent, 'ways' | 'adapter'> {
  return {
    ways: [
      { needs: [program, adapter], command: [adapter] },
      { needs: [program, 'npx'], command: ['npx', '--yes', adapterPackage] },
    ],
    adapter: { program: adapter, install: `npm install -g ${adapterPackage}` },
  };
}

/** Agents that people use, the most used first. */
export const knownAgents: readonly KnownAgent[] = [
  {
    name: 'claude',
    title: 'Claude Code',
    provider: 'anthropic',
    ...adapted('claude', 'claude-agent-acp', '@agentclientprotocol/claude-agent-acp'),
    install: 'npm install -g @anthropic-ai/claude-code',
    documentation: 'https://docs.claude.com/en/docs/claude-code/overview',
  },
  {
    name: 'codex',
    title: 'Codex',
    provider: 'openai',
    ...adapted('codex', 'codex-acp', '@agentclientprotocol/codex-acp'),
    install: 'npm install -g @openai/codex',
    documentation: 'https://developers.openai.com/codex/cli',
  },
  {
    name: 'gemini',
    title: 'Gemini CLI',
    provider: 'google',
    ways: itself('gemini', '--acp'),
    install: 'npm install -g @google/gemini-cli',
    documentation: 'https://github.com/google-gemini/gemini-cli',
  },
  {
    name: 'opencode',
    title: 'OpenCode',
    ways: itself('opencode', 'acp'),
    install: 'npm install -g opencode-ai',
    documentation: 'https://opencode.ai/docs/acp',
  },
  {
    name: 'goose',
    title: 'Goose',
    ways: itself('goose', 'acp'),
    install:
      'curl -fsSL https://github.com/aaif-goose/goose/releases/download/stable/download_cli.sh | CONFIGURE=false bash',
    installOnWindows:
      '$env:CONFIGURE="false"; Invoke-WebRequest "https://github.com/aaif-goose/goose/releases/download/stable/download_cli.ps1" -OutFile download_cli.ps1; .\\download_cli.ps1',
    documentation: 'https://github.com/aaif-goose/goose',
  },
  {
    name: 'cursor',
    title: 'Cursor',
    provider: 'cursor',
    ways: itself('cursor-agent', 'acp'),
    install: 'curl https://cursor.com/install -fsS | bash',
    installOnWindows: "irm 'https://cursor.com/install?win32=true' | iex",
    documentation: 'https://cursor.com/docs/cli/overview',
  },
  {
    name: 'qwen',
    title: 'Qwen Code',
    ways: itself('qwen', '--acp'),
    install: 'npm install -g @qwen-code/qwen-code',
    documentation: 'https://github.com/QwenLM/qwen-code',
  },
  {
    name: 'copilot',
    title: 'GitHub Copilot',
    provider: 'github',
    ways: itself('copilot', '--acp'),
    install: 'npm install -g @github/copilot',
    documentation: 'https://docs.github.com/en/copilot/concepts/agents/about-copilot-cli',
  },
  {
    name: 'auggie',
    title: 'Auggie',
    provider: 'augment',
    ways: itself('auggie', '--acp'),
    install: 'npm install -g @augmentcode/auggie',
    documentation: 'https://docs.augmentcode.com/cli/overview',
  },
  {
    name: 'kimi',
    title: 'Kimi',
    provider: 'moonshot',
    ways: itself('kimi', 'acp'),
    install: 'uv tool install --python 3.13 kimi-cli',
    documentation: 'https://github.com/MoonshotAI/kimi-cli',
  },
];
