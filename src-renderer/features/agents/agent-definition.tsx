import { Link } from 'wouter';
import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import type { StuckPolicy } from '../../../src-main/contract/policies.ts';
import { formatDuration } from '../../format/duration.ts';
import { KeyValue } from '../../ui/figures.tsx';
import { projectName } from '../workflows/workflow-address.ts';
import classes from './agents.module.css';
import { permissionWords, protocolWords, rungWords } from './definition-words.ts';

/** What an agent is configured as. */
export function Definition({ definition }: { readonly definition: AgentDefinition }) {
  const { command, env, capabilities, repositories } = definition;
  return (
    <>
      <KeyValue
        items={[
          ['Identifier', <code key="id">{definition.id}</code>],
          ['Type', definition.type],
          ['Protocol', protocolWords[definition.protocol].label],
          ['Command', command.length === 0 ? null : <Lines key="command" lines={command} />],
          [
            'Environment',
            Object.keys(env).length === 0 ? 'Only what the engine has' : <Variables key="env" env={env} />,
          ],
          ['Capabilities', capabilities.length === 0 ? '–' : <Chips key="capabilities" words={capabilities} />],
          ['Repositories', repositories.length === 0 ? '–' : <Lines key="repositories" lines={repositories} />],
          ['Slots', definition.slots],
          ['Start time-out', formatDuration(definition.startTimeoutMs)],
          ['Idle stop', definition.idleStopMs === 0 ? 'Never' : formatDuration(definition.idleStopMs)],
          ['Provider', definition.provider ?? null],
          ['Watchdog', definition.watchdog === undefined ? 'As the settings say' : watchdogWords(definition.watchdog)],
          ['Permissions', permissionWords[definition.permissions].label],
        ]}
      />
      {definition.project !== undefined && <ProjectNote project={definition.project} />}
      {definition.builtin && (
        <p className={classes.note}>
          Built in: it is part of Signalbox and set up anew at every start, so that it cannot be changed or removed. It
          can be disabled.
        </p>
      )}
    </>
  );
}

/** Whose agent it is, and where it is changed: the window writes no files of projects. */
function ProjectNote({ project }: { readonly project: string }) {
  const separator = project.includes('\\') ? '\\' : '/';
  return (
    <p className={classes.note}>
      It comes from the project <Link href="/settings/projects">{projectName(project)}</Link>, and gets work in its
      folder only. It cannot be changed here: its file is in{' '}
      <code>{[project, '.signalbox', 'agents'].join(separator)}</code>. It can be disabled, and goes when the project is
      forgotten.
    </p>
  );
}

/** An agent's own watchdog, in words. */
function watchdogWords({ silentMs, stepMs, upTo }: StuckPolicy): string {
  if (silentMs === 0) return 'Never stuck';
  return `Stuck after ${formatDuration(silentMs)}, a step each ${formatDuration(stepMs)}, at most: ${rungWords[upTo].toLowerCase()}`;
}

/** Words of a list, as chips. */
function Chips({ words }: { readonly words: readonly string[] }) {
  return (
    <span className={classes.chips}>
      {words.map((word) => (
        <span key={word} className={classes.chip}>
          {word}
        </span>
      ))}
    </span>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <span className={classes.command}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an argument may be there twice, and never moves
        <span key={index}>{line}</span>
      ))}
    </span>
  );
}

function Variables({ env }: { readonly env: AgentDefinition['env'] }) {
  return <Lines lines={Object.entries(env).map(([name, value]) => `${name}=${value}`)} />;
}
