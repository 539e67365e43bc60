import { Button } from '@mantine/core';
import { Copy, FilePlus2, Play } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { WorkflowSummary } from '../../../src-main/contract/api-workflows.ts';
import { useEntry } from '../../api/use-entry.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { navigate } from '../../ui/hash-location.ts';
import { EmptyState } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import type { Column } from '../../ui/table-columns.tsx';
import type { RowGroup } from '../../ui/table-groups.ts';
import { useQueryState } from '../../ui/use-query-state.ts';
import type { Draft } from './drafts-store.ts';
import { useDrafts } from './drafts-store.ts';
import type { NewWorkflow } from './new-workflow-modal.tsx';
import { NewWorkflowModal } from './new-workflow-modal.tsx';
import { countProblems } from './problem-count.ts';
import { fileEveryMs } from './use-open-workflow.ts';
import { projectName, referenceOf, workflowAddress } from './workflow-address.ts';
import classes from './workflows.module.css';

interface Row extends WorkflowSummary {
  /** Whether there is text that is not saved; `new`: and no file yet. */
  readonly unsaved: 'no' | 'changes' | 'new';
}

/** All workflows: the user's own first, since those are what a person works on; then by project; then bundled ones. */
export function WorkflowList() {
  // Editors change files without telling anybody: they are looked at again and again.
  const { data, error, isLoading, refetch } = useEntry('listWorkflows', {}, { everyMs: fileEveryMs });
  const { drafts } = useDrafts();
  const [search] = useQueryState('q');
  const [wanted, setWanted] = useState<NewWorkflow | null>(null);
  const rows = useMemo(() => rowsOf(data?.workflows ?? [], drafts, search ?? ''), [data, drafts, search]);
  const hasProjects = data?.workflows.some(({ origin }) => origin === 'project') === true;
  const create = (
    <Button leftSection={<FilePlus2 size={14} aria-hidden="true" />} onClick={() => setWanted({ copyOf: null })}>
      New workflow
    </Button>
  );
  return (
    <Page
      title="Workflows"
      about={data === undefined ? undefined : countWords(data.workflows)}
      actions={create}
      bar={<FilterBar storedAs="workflows" searchHint="Name, title, description" />}
      isFilled
    >
      <DataTable
        label="Workflows"
        columns={columnsFor(setWanted)}
        rows={rows}
        rowKey={referenceOf}
        {...(hasProjects ? { groupOf } : {})}
        isLoading={isLoading}
        error={error}
        onRetry={refetch}
        onOpen={(row) => navigate(workflowAddress(row))}
        empty={
          <EmptyState
            title="No workflow matches."
            hint="Change the search, or write one of your own."
            action={create}
          />
        }
      />
      <NewWorkflowModal
        wanted={wanted}
        taken={takenNames(data?.workflows ?? [], drafts)}
        onClose={() => setWanted(null)}
      />
    </Page>
  );
}

/** Names that a workflow of one's own cannot have: those of projects are names of files elsewhere. */
function takenNames(workflows: readonly WorkflowSummary[], drafts: Readonly<Record<string, Draft>>): readonly string[] {
  return [...workflows.filter(({ origin }) => origin !== 'project').map(({ name }) => name), ...Object.keys(drafts)];
}

/** Where a row stands when there are workflows of projects too. */
function groupOf({ origin, project }: Row): RowGroup {
  if (project === null) return { key: origin, title: origin === 'bundled' ? 'Bundled' : 'Your own' };
  return {
    key: `project ${project}`,
    title: (
      <>
        {projectName(project)} <code className={classes.groupPath}>{project}</code>
      </>
    ),
  };
}

function countWords(workflows: readonly WorkflowSummary[]): string {
  const of = (wanted: WorkflowSummary['origin']) => workflows.filter(({ origin }) => origin === wanted).length;
  const projects = of('project');
  return `${of('user')} of your own, ${projects === 0 ? '' : `${projects} of projects, `}${of('bundled')} bundled`;
}

function rowsOf(files: readonly WorkflowSummary[], drafts: Readonly<Record<string, Draft>>, search: string): Row[] {
  const known = new Set(files.filter(({ origin }) => origin !== 'project').map(({ name }) => name));
  const isNew = (name: string) => drafts[name]?.replaces === null && !known.has(name);
  const fresh = Object.keys(drafts)
    .filter(isNew)
    .map((name): Row => {
      const about = { title: name, description: 'Not saved yet', path: '', stages: 0, problems: [] };
      return { name, ...about, origin: 'user', project: null, unsaved: 'new' };
    });
  const rows = [
    ...fresh,
    ...files.map((file): Row => {
      const isEdited = file.origin !== 'project' && drafts[file.name] !== undefined;
      return { ...file, unsaved: isEdited ? 'changes' : 'no' };
    }),
  ];
  const word = search.toLowerCase();
  return rows
    .filter(({ name, title, description, project }) =>
      `${name} ${title} ${description} ${project ?? ''}`.toLowerCase().includes(word),
    )
    .toSorted(
      (a, b) =>
        ranks[a.origin] - ranks[b.origin] ||
        (a.project ?? '').localeCompare(b.project ?? '') ||
        a.name.localeCompare(b.name),
    );
}

const ranks: Readonly<Record<WorkflowSummary['origin'], number>> = { user: 0, file: 0, project: 1, bundled: 2 };
const originWords: Readonly<Record<WorkflowSummary['origin'], string>> = {
  user: 'yours',
  file: 'a file',
  project: 'project',
  bundled: 'bundled',
};

function columnsFor(onCopy: (wanted: NewWorkflow) => void): Column<Row>[] {
  return [
    { id: 'name', title: 'Workflow', width: 200, cell: ({ name }) => <span className={classes.strong}>{name}</span> },
    { id: 'title', title: 'What it does', cell: (row) => <Title row={row} /> },
    { id: 'origin', title: 'From', width: 90, cell: ({ origin }) => originWords[origin] },
    { id: 'stages', title: 'Stages', width: 70, align: 'end', cell: ({ stages }) => stages },
    { id: 'state', title: 'File', width: 150, cell: (row) => <FileState row={row} /> },
    {
      id: 'actions',
      title: 'Actions',
      width: 190,
      align: 'end',
      cell: (row) => <RowActions row={row} onCopy={onCopy} />,
    },
  ];
}

function Title({ row: { name, title, description } }: { readonly row: Row }) {
  return (
    <span className={classes.cut} title={description}>
      {title === name ? description : title}
    </span>
  );
}

function FileState({ row }: { readonly row: Row }) {
  if (row.unsaved !== 'no') {
    return (
      <span className={classes.mark}>
        <StateShape shape="dots" tone="waiting" /> {row.unsaved === 'new' ? 'Not saved yet' : 'Unsaved changes'}
      </span>
    );
  }
  const { words, tone } = countProblems(row.problems);
  return (
    <span className={classes.mark}>
      <StateShape shape={tone === 'failed' ? 'cross' : 'check'} tone={tone} /> {words}
    </span>
  );
}

/** Buttons in a row that opens: a click on one of them is not a click on the row. */
function RowActions({ row, onCopy }: { readonly row: Row; readonly onCopy: (wanted: NewWorkflow) => void }) {
  const isBroken = row.unsaved === 'new' || row.problems.some(({ severity }) => severity === 'error');
  return (
    <span className={classes.rowActions}>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        leftSection={<Copy size={13} aria-hidden="true" />}
        aria-label={`Duplicate ${row.name}`}
        disabled={row.unsaved === 'new'}
        onClick={(event) => {
          event.stopPropagation();
          onCopy({ copyOf: { name: row.name, reference: referenceOf(row) } });
        }}
      >
        Duplicate
      </Button>
      <Button
        variant="subtle"
        size="compact-xs"
        leftSection={<Play size={13} aria-hidden="true" />}
        aria-label={`Run ${row.name}`}
        disabled={isBroken}
        onClick={(event) => {
          event.stopPropagation();
          navigate(workflowAddress(row, { run: 'new' }));
        }}
      >
        Run
      </Button>
    </span>
  );
}
