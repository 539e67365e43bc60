/**
 * Which room may import what. Read it from the top: the first room whose `files` match owns a file.
 *
 * Every entry is a prefix: a path of this repository, a package name, or `node:` for Node's own modules. Modules in
 * RESERVED are not covered by `node:`; a room that may use one names it. A new folder or a new package has to be
 * placed here before `npm run check` passes.
 *
 * @typedef {object} Room
 * @property {string} name what the messages call it
 * @property {string[]} files prefixes of the paths that belong to it
 * @property {string[]} mayImport prefixes of what it may import, besides its own files
 * @property {boolean} [pure] decides with what it is given: no clock and no chance of its own
 */

const contract = 'src-main/contract/';
const ports = 'src-main/core/ports.ts';
const historyPorts = 'src-main/core/ports-history.ts';
const parts = 'src-main/core/parts.ts';
const projectPorts = 'src-main/core/ports-projects.ts';
const engine = 'src-main/engine/';
const orchestrator = 'src-main/open-orchestrator.ts';
const reach = 'src-main/reach/';
const threads = 'src-main/threads/';

/** Node's modules with one owner each; `node:` alone does not include them. */
export const RESERVED = ['node:child_process', 'node:cluster', 'node:sqlite', 'node:vm'];

/** @type {Room[]} */
export const ROOMS = [
  { name: 'contract', files: [contract], mayImport: ['zod'], pure: true },
  { name: 'core', files: ['src-main/core/'], mayImport: [contract, '@marcbachmann/cel-js', 'croner'], pure: true },
  // Where our threads and processes start, and how long a thread may take.
  { name: 'threads', files: [threads], mayImport: ['node:'] },
  {
    name: 'store',
    files: ['src-main/store/'],
    // The lanes of the queue are named by a pure rule that the core shares.
    mayImport: [
      contract,
      ports,
      historyPorts,
      parts,
      'src-main/core/route.ts',
      threads,
      'node:',
      'better-sqlite3',
      'zod',
    ],
  },
  {
    name: 'agents',
    files: ['src-main/agents/'],
    mayImport: [
      contract,
      ports,
      historyPorts,
      threads,
      'node:',
      'node:child_process',
      '@agentclientprotocol/sdk',
      'pidusage',
      'tar',
      'zod',
    ],
  },
  {
    name: 'ipc server',
    files: ['src-main/transport/ipc-server.ts'],
    mayImport: [contract, 'src-main/transport/', 'electron'],
  },
  {
    name: 'transport',
    files: ['src-main/transport/'],
    mayImport: [contract, 'node:', 'zod', 'fastify', '@fastify/'],
  },
  // What an engine needs of its machine: its folder, its lock, its settings, its log, the time, chance.
  { name: 'engine', files: [engine], mayImport: [contract, ports, 'node:', 'zod', 'package.json'] },
  {
    name: 'workflows',
    files: ['src-main/workflows/'],
    mayImport: [
      contract,
      ports,
      historyPorts,
      projectPorts,
      'src-main/core/expression-references.ts',
      'src-main/core/expression-templates.ts',
      'src-main/core/expressions.ts',
      'src-main/core/inputs.ts',
      'src-main/core/nearest-name.ts',
      'src-main/core/stage-graph.ts',
      threads,
      'node:',
      'yaml',
      'zod',
    ],
  },
  // What the `.signalbox` folders of trusted projects hold; their workflows are the workflow library's.
  {
    name: 'projects',
    files: ['src-main/projects/'],
    mayImport: [
      contract,
      projectPorts,
      'src-main/engine/json-position.ts',
      'src-main/workflows/file-texts.ts',
      'src-main/workflows/inside-folder.ts',
      'src-main/workflows/yaml-file.ts',
      'node:',
      'zod',
    ],
  },
  {
    name: 'composition root',
    files: [orchestrator],
    mayImport: [
      contract,
      engine,
      'src-main/core/',
      'src-main/store/',
      'src-main/agents/',
      'src-main/workflows/',
      'src-main/projects/',
      'src-main/transport/',
      'node:',
    ],
  },
  // One engine for a host, whether it lives in this process or in another one.
  {
    name: 'reach',
    files: [reach],
    mayImport: [contract, engine, 'src-main/transport/', orchestrator, 'node:'],
  },
  {
    name: 'shell',
    files: ['src-main/shell/', 'src-main/index.ts'],
    mayImport: [contract, engine, 'src-main/transport/', reach, orchestrator, 'node:', 'electron', 'electron-updater'],
  },
  {
    name: 'command line',
    files: ['src-main/cli.ts', 'src-main/cli/'],
    mayImport: [
      contract,
      engine,
      'src-main/transport/',
      reach,
      orchestrator,
      'node:',
      'commander',
      'open',
      'yaml',
      'zod',
    ],
  },
  {
    name: 'preload',
    files: ['src-preload/'],
    // Every window loads it before its page: it has nothing of the contract that brings schemas with it.
    mayImport: [
      `${contract}api-names.ts`,
      `${contract}errors.ts`,
      `${contract}host.ts`,
      `${contract}result.ts`,
      `${contract}wire-terms.ts`,
      'electron',
    ],
  },
  {
    name: 'renderer',
    files: ['src-renderer/'],
    mayImport: [
      contract,
      '@codemirror/',
      '@dagrejs/dagre',
      '@fontsource-variable/',
      '@lezer/highlight',
      '@mantine/',
      '@tanstack/',
      '@xyflow/react',
      'anser',
      'lucide-react',
      'react',
      'react-dom',
      'react-virtuoso',
      'uplot',
      'wouter',
      'zustand',
    ],
  },
];
