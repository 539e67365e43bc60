import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ProjectView } from '../../../src-main/contract/api-projects.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { useApi } from '../../api/client.tsx';
import { useCommand } from '../../api/use-command.ts';
import { ErrorNotice } from '../../ui/notices.tsx';
import { notify } from '../../ui/notify.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { ProjectContents } from './project-contents.tsx';
import { broughtWords } from './project-words.ts';
import classes from './settings.module.css';

interface TrustPanelProps {
  /** Why nothing can be saved now, as a sentence; null when it can. */
  readonly lockedBecause: string | null;
  readonly onTrusted: () => void;
}

/** Trusting a project in two steps: what it would bring is looked at first. */
export function TrustPanel({ lockedBecause, onTrusted }: TrustPanelProps) {
  const look = useInspection();
  const { found, folder } = look;
  return (
    <Panel title="Trust a project">
      <div className={classes.fields}>
        <p className={classes.note}>
          A repository can bring workflows, agents and settings in a folder <code>.signalbox</code>. Its agents are
          programs, which run as you, with your files: whoever can change that folder can run anything here. So nothing
          of it is used before you trust it, and looking at it starts nothing.
        </p>
        <form
          className={classes.lookup}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void look.inspect();
          }}
        >
          <TextInput
            label="Folder of the project"
            description="The whole path, from the root on"
            placeholder="/home/you/code/project"
            className={classes.mono}
            value={folder}
            error={look.fieldFault}
            onChange={(event) => look.setFolder(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={look.isLooking} disabled={folder.trim() === ''}>
            Look what it brings
          </Button>
        </form>
        {look.error !== null && <ErrorNotice error={look.error} />}
        {found !== null && (
          <Found
            key={found.folder}
            project={found}
            lockedBecause={lockedBecause}
            onBack={look.clear}
            onTrusted={() => {
              look.clear();
              onTrusted();
            }}
          />
        )}
      </div>
    </Panel>
  );
}

/** The folder that is typed, and what was found in it. */
function useInspection() {
  const api = useApi();
  const [folder, setFolder] = useState('');
  const [found, setFound] = useState<ProjectView | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [isLooking, setLooking] = useState(false);
  const isAboutField = error?.field === 'folder';
  return {
    folder,
    found,
    isLooking,
    fieldFault: isAboutField && error !== null ? `${error.message} ${error.remedy}` : null,
    error: isAboutField ? null : error,
    setFolder(next: string) {
      setFolder(next);
      setFound(null);
      setError(null);
    },
    async inspect() {
      setLooking(true);
      const answer = await api.inspectProject({ folder: folder.trim() });
      setLooking(false);
      setFound(answer.ok ? answer.value : null);
      setError(answer.ok ? null : answer.error);
    },
    clear() {
      setFolder('');
      setFound(null);
      setError(null);
    },
  };
}

interface FoundProps {
  readonly project: ProjectView;
  readonly lockedBecause: string | null;
  readonly onBack: () => void;
  readonly onTrusted: () => void;
}

function Found({ project, lockedBecause, onBack, onTrusted }: FoundProps) {
  const trust = useCommand('trustProject');
  const { folder, name, isThere, trusted } = project;
  return (
    <section className={classes.found} aria-label={`What ${name} would bring`} aria-live="polite">
      <p className={classes.mark}>
        <StateShape shape={trusted ? 'check' : 'diamond'} tone={trusted ? 'completed' : 'waiting'} />
        <strong>{name}</strong> {trusted ? 'is trusted already.' : verdictOf(project)}
      </p>
      {!trusted && <ProjectContents project={project} />}
      <div className={classes.foot}>
        {lockedBecause !== null && <span className={classes.small}>{lockedBecause}</span>}
        <Button variant="default" onClick={onBack}>
          {trusted ? 'Close' : 'Do not trust it'}
        </Button>
        {!trusted && (
          <Button
            loading={trust.isRunning}
            disabled={!isThere || lockedBecause !== null}
            onClick={async () => {
              const answer = await trust.run({ folder });
              if (!answer.ok) return;
              notify(`${name} is trusted`, `It brings ${broughtWords(answer.value)}.`);
              onTrusted();
            }}
          >
            Trust this project
          </Button>
        )}
      </div>
    </section>
  );
}

function verdictOf(project: ProjectView): string {
  if (!project.isThere) return 'has no folder .signalbox: it would bring nothing.';
  return `would bring ${broughtWords(project)}. Trust holds also for what is put there later.`;
}
