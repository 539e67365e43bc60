import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ProjectView } from '../../../src-main/contract/api-projects.ts';
import { useCommand } from '../../api/use-command.ts';
import { useEntry } from '../../api/use-entry.ts';
import { ConfirmWithReason } from '../../ui/confirm-with-reason.tsx';
import { CopyButton } from '../../ui/identifier.tsx';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { notify } from '../../ui/notify.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { ProjectContents } from './project-contents.tsx';
import { projectState } from './project-words.ts';
import classes from './settings.module.css';
import { TrustPanel } from './trust-panel.tsx';

/** How often the files of projects are looked at while they are shown: editors tell nobody. In ms. */
const fileEveryMs = 5_000;

/** Projects that a person trusts, what each brings, and trusting another one. */
export function ProjectsSection({ lockedBecause }: { readonly lockedBecause: string | null }) {
  const { data, error, refetch } = useEntry('listProjects', {}, { everyMs: fileEveryMs });
  const [asked, setAsked] = useState<ProjectView | null>(null);
  return (
    <div className={classes.section}>
      <TrustPanel lockedBecause={lockedBecause} onTrusted={refetch} />
      {error !== null && <ErrorNotice error={error} onRetry={refetch} />}
      {error === null && data === undefined && <Skeleton lines={5} />}
      {data?.projects.length === 0 && (
        <Panel title="Trusted projects">
          <EmptyState
            title="No project is trusted yet."
            hint="A project that you trust appears here, with what it brings."
          />
        </Panel>
      )}
      {data?.projects.map((project) => (
        <ProjectPanel
          key={project.folder}
          project={project}
          isLocked={lockedBecause !== null}
          onForget={() => setAsked(project)}
        />
      ))}
      <ForgetDialog project={asked} onClose={() => setAsked(null)} onForgotten={refetch} />
    </div>
  );
}

interface ProjectPanelProps {
  readonly project: ProjectView;
  readonly isLocked: boolean;
  readonly onForget: () => void;
}

function ProjectPanel({ project, isLocked, onForget }: ProjectPanelProps) {
  const { words, shape, tone } = projectState(project);
  const { folder, name, isThere, agents, workflows, settings, problems } = project;
  const isEmpty = agents.length + workflows.length + problems.length === 0 && settings === null;
  return (
    <Panel
      title={name}
      actions={
        <>
          <span className={classes.mark}>
            <StateShape shape={shape} tone={tone} /> {words}
          </span>
          <Button
            variant="default"
            size="compact-xs"
            disabled={isLocked}
            aria-label={`Forget ${name}`}
            onClick={onForget}
          >
            Forget
          </Button>
        </>
      }
    >
      <div className={classes.fields}>
        <span className={classes.path}>
          <code>{folder}</code>
          <CopyButton text={folder} label={`Copy ${folder}`} />
        </span>
        {!isThere && (
          <p className={classes.note}>
            There is no folder .signalbox in it now. Nothing of the project is used until it is back; runs that were
            started from its workflows keep their version.
          </p>
        )}
        {isThere && isEmpty && (
          <p className={classes.note}>Its folder .signalbox holds no workflow, no agent and no settings.</p>
        )}
        <ProjectContents project={project} />
      </div>
    </Panel>
  );
}

interface ForgetDialogProps {
  /** Null: nothing is asked. */
  readonly project: ProjectView | null;
  readonly onClose: () => void;
  readonly onForgotten: () => void;
}

function ForgetDialog({ project, onClose, onForgotten }: ForgetDialogProps) {
  const { run } = useCommand('forgetProject');
  return (
    <ConfirmWithReason
      isOpen={project !== null}
      title={`Forget ${project?.name ?? ''}?`}
      consequence="Its agents are removed, and its workflows and settings are used no more. Its files stay, and so do its runs. You can trust it again."
      action="Forget the project"
      suggestedReason="No longer used"
      onConfirm={async (reason) => {
        if (project === null) return false;
        const forgotten = await run({ folder: project.folder, reason });
        if (!forgotten.ok) return false;
        notify(`${project.name} was forgotten`);
        onForgotten();
        return true;
      }}
      onClose={onClose}
    />
  );
}
