import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ApiOutput } from '../../../src-main/contract/api.ts';
import type { WorkflowHash } from '../../../src-main/contract/ids.ts';
import { useEntry } from '../../api/use-entry.ts';
import { usePages } from '../../api/use-pages.ts';
import { navigate } from '../../ui/hash-location.ts';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { SourceAndGraph } from './source-and-graph.tsx';
import type { OpenWorkflow } from './use-open-workflow.ts';
import classes from './workflows.module.css';

type Version = ApiOutput<'listWorkflowVersions'>['versions'][number];

export interface WorkflowVersionsProps {
  readonly name: string;
  readonly open: OpenWorkflow;
  readonly isOwn: boolean;
}

/** The versions that runs were started from, newest first, and the text of one of them. */
export function WorkflowVersions({ name, open, isOwn }: WorkflowVersionsProps) {
  const { rows, error, isLoading, hasMore, loadMore, refetch } = usePages('listWorkflowVersions', { workflow: name });
  const [chosen, setChosen] = useState<WorkflowHash | null>(null);
  if (error !== null) return <ErrorNotice error={error} onRetry={refetch} />;
  if (isLoading) return <Skeleton lines={5} height={28} />;
  const shown = chosen ?? rows[0]?.hash ?? null;
  if (shown === null) {
    return (
      <EmptyState
        title="No run was started from this workflow yet."
        hint="Every text that a run is started from is kept here, whatever becomes of the file."
      />
    );
  }
  return (
    <div className={classes.versions}>
      <nav className={classes.versionList} aria-label="Versions">
        {rows.map((version) => (
          <VersionRow
            key={version.hash}
            version={version}
            isShown={version.hash === shown}
            isFile={version.hash === open.file?.hash}
            onShow={() => setChosen(version.hash)}
          />
        ))}
        {hasMore && (
          <Button variant="subtle" onClick={loadMore}>
            Older versions
          </Button>
        )}
      </nav>
      <VersionText key={shown} name={name} hash={shown} open={open} isOwn={isOwn} />
    </div>
  );
}

interface VersionRowProps {
  readonly version: Version;
  readonly isShown: boolean;
  /** Whether the file has this text now. */
  readonly isFile: boolean;
  readonly onShow: () => void;
}

function VersionRow({ version, isShown, isFile, onShow }: VersionRowProps) {
  return (
    <button type="button" className={classes.version} aria-current={isShown || undefined} onClick={onShow}>
      <span>
        First run <RelativeTime at={version.registeredAt} />
      </span>
      <span className={classes.quiet}>
        <code>{version.hash.slice(0, 12)}</code> {isFile ? 'the file as it is now' : version.origin}
      </span>
    </button>
  );
}

interface VersionTextProps extends WorkflowVersionsProps {
  readonly hash: WorkflowHash;
}

function VersionText({ name, hash, open, isOwn }: VersionTextProps) {
  const { data, error, refetch } = useEntry('getWorkflowVersion', { hash });
  if (error !== null) return <ErrorNotice error={error} onRetry={refetch} />;
  if (data === undefined) return <Skeleton lines={12} height={16} />;
  const canRestore = isOwn && open.file !== undefined && open.file.hash !== hash;
  return (
    <div className={classes.versionText}>
      {canRestore && (
        <div className={classes.conflict}>
          <p>This is an earlier text of {name}.</p>
          <Button
            variant="default"
            onClick={() => {
              open.edit(data.source);
              navigate(`/workflows/${name}`);
            }}
          >
            Put it into the editor
          </Button>
        </div>
      )}
      <SourceAndGraph name={name} source={data.source} />
    </div>
  );
}
