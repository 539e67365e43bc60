import { Button } from '@mantine/core';
import { Copy, Play, Save, Trash2, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useEntry } from '../../api/use-entry.ts';
import { CopyButton } from '../../ui/identifier.tsx';
import { useShortcut } from '../../ui/keyboard.ts';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { setQuery, useQueryState } from '../../ui/use-query-state.ts';
import { AskFirst } from './ask-first.tsx';
import { ConflictNotice } from './conflict-notice.tsx';
import type { NewWorkflow } from './new-workflow-modal.tsx';
import { NewWorkflowModal } from './new-workflow-modal.tsx';
import { SourceAndGraph } from './source-and-graph.tsx';
import type { OpenWorkflow } from './use-open-workflow.ts';
import { useOpenWorkflow } from './use-open-workflow.ts';
import type { WorkflowPlace } from './workflow-address.ts';
import { addressOf, pathInside, projectName, referenceOf } from './workflow-address.ts';
import { WorkflowVersions } from './workflow-versions.tsx';
import classes from './workflows.module.css';

/** What a person is asked about before it is done. */
type Question = 'delete' | 'discard' | 'saveAs' | null;

/** One workflow: its text beside its graph, or the versions that runs were started from. */
export function WorkflowPage({ place }: { readonly place: WorkflowPlace }) {
  const { name } = place;
  const open = useOpenWorkflow(place);
  const [tab] = useQueryState('tab');
  const [question, setQuestion] = useState<Question>(null);
  const isOwn = open.file === undefined ? open.source !== null : open.file.origin === 'user';
  const isVersions = tab === 'versions';

  function save(): void {
    if (open.source === null || !open.isDirty || open.conflict !== null) return;
    if (open.otherName === null) void open.write(open.source, name);
    else setQuestion('saveAs');
  }
  useShortcut('mod+s', 'Save the workflow', save, { enabled: isOwn });

  return (
    <Page
      title={name}
      about={<About name={name} open={open} />}
      actions={<Actions name={name} open={open} isOwn={isOwn} onSave={save} onAsk={setQuestion} />}
      tabs={[
        { to: addressOf(place), label: 'Source and graph', isCurrent: !isVersions },
        { to: addressOf(place, { tab: 'versions' }), label: 'Versions', isCurrent: isVersions },
      ]}
      isFilled
    >
      <ConflictNotice open={open} />
      {isVersions ? (
        <WorkflowVersions name={name} open={open} isOwn={isOwn} />
      ) : (
        <Body name={name} open={open} isOwn={isOwn} />
      )}
      <Questions name={name} open={open} question={question} onClose={() => setQuestion(null)} />
    </Page>
  );
}

function Body({ name, open, isOwn }: { readonly name: string; readonly open: OpenWorkflow; readonly isOwn: boolean }) {
  if (open.error !== null) return <ErrorNotice error={open.error} onRetry={open.refetch} />;
  if (open.source === null) return <Skeleton lines={12} height={16} />;
  const project = open.file?.project ?? null;
  return (
    <SourceAndGraph name={name} source={open.source} project={project} {...(isOwn ? { onChange: open.edit } : {})} />
  );
}

function About({ name, open }: { readonly name: string; readonly open: OpenWorkflow }) {
  const { file, isDirty } = open;
  return (
    <>
      <Link href="/workflows">All workflows</Link>
      {file !== undefined && file.title !== name && <span>{file.title}</span>}
      {file?.origin === 'bundled' && <span>Bundled: duplicate it to change it</span>}
      {file?.project != null && <OfProject project={file.project} path={file.path} />}
      {file?.origin === 'file' && <FilePath path={file.path} />}
      {file?.origin === 'user' && <code title={file.path}>{file.path.split(/[/\\]/).at(-1)}</code>}
      {isDirty && (
        <span
          className={classes.mark}
          role="status"
          title="It is kept in this window, also when you leave or reload it"
        >
          <StateShape shape="dots" tone="waiting" /> {file === undefined ? 'Not saved yet' : 'Unsaved changes'}
        </span>
      )}
    </>
  );
}

/** Whose workflow it is, and where it is changed: the window writes no files of projects. */
function OfProject({ project, path }: { readonly project: string; readonly path: string }) {
  return (
    <>
      <span title={project}>
        Of the project <Link href="/settings/projects">{projectName(project)}</Link>: change its file, or duplicate it
      </span>
      <FilePath path={path} shown={pathInside(project, path)} />
    </>
  );
}

/** A path that can be copied; `shown`: in short. */
function FilePath({ path, shown = path }: { readonly path: string; readonly shown?: string }) {
  return (
    <span className={classes.filePath}>
      <code title={path}>{shown}</code>
      <CopyButton text={path} label={`Copy ${path}`} />
    </span>
  );
}

interface ActionsProps {
  readonly name: string;
  readonly open: OpenWorkflow;
  readonly isOwn: boolean;
  readonly onSave: () => void;
  readonly onAsk: (question: Question) => void;
}

function Actions({ name, open, isOwn, onSave, onAsk }: ActionsProps) {
  const [wanted, setWanted] = useState<NewWorkflow | null>(null);
  const { data } = useEntry('listWorkflows', {}, { enabled: wanted !== null });
  const { file, isDirty } = open;
  const canRun = file?.definition != null;
  return (
    <>
      {isOwn && isDirty && (
        <Button variant="default" leftSection={<Undo2 size={14} aria-hidden="true" />} onClick={() => onAsk('discard')}>
          Discard
        </Button>
      )}
      {isOwn && (
        <Button
          variant={isDirty ? 'filled' : 'default'}
          disabled={!isDirty || open.conflict !== null}
          loading={open.isSaving}
          leftSection={<Save size={14} aria-hidden="true" />}
          title="Ctrl+S"
          onClick={onSave}
        >
          Save
        </Button>
      )}
      {file !== undefined && (
        <Button
          variant="default"
          leftSection={<Copy size={14} aria-hidden="true" />}
          onClick={() => setWanted({ copyOf: { name, reference: referenceOf(file) } })}
        >
          Duplicate
        </Button>
      )}
      {file?.origin === 'user' && (
        <Button variant="default" leftSection={<Trash2 size={14} aria-hidden="true" />} onClick={() => onAsk('delete')}>
          Delete
        </Button>
      )}
      <Button
        disabled={!canRun}
        variant={isDirty ? 'default' : 'filled'}
        leftSection={<Play size={14} aria-hidden="true" />}
        title={isDirty ? 'Runs the file as it was saved last' : undefined}
        onClick={() => setQuery({ run: 'new' }, false)}
      >
        Run
      </Button>
      <NewWorkflowModal
        wanted={wanted}
        taken={data?.workflows.filter(({ origin }) => origin !== 'project').map((workflow) => workflow.name) ?? [name]}
        onClose={() => setWanted(null)}
      />
    </>
  );
}

interface QuestionsProps {
  readonly name: string;
  readonly open: OpenWorkflow;
  readonly question: Question;
  readonly onClose: () => void;
}

function Questions({ name, open, question, onClose }: QuestionsProps) {
  const other = open.otherName ?? name;
  return (
    <>
      <AskFirst
        isOpen={question === 'delete'}
        title={`Delete ${name}?`}
        consequence="The file is deleted from the disk. Runs that were started from it keep their version, and can be seen and rerun."
        action="Delete the file"
        isDangerous
        onConfirm={open.remove}
        onClose={onClose}
      />
      <AskFirst
        isOpen={question === 'discard'}
        title="Discard your changes?"
        consequence="What was typed since the last save is gone for good."
        action="Discard changes"
        isDangerous
        onConfirm={async () => {
          open.discard();
          return true;
        }}
        onClose={onClose}
      />
      <AskFirst
        isOpen={question === 'saveAs'}
        title={`Save as ${other}?`}
        consequence={`The text names its workflow ${other}. It is saved as a new workflow of that name; ${name} stays as it was saved last.`}
        action={`Save as ${other}`}
        onConfirm={async () => {
          if (open.source !== null) await open.write(open.source, other);
          return true;
        }}
        onClose={onClose}
      />
    </>
  );
}
