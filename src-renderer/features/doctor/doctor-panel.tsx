import { Button } from '@mantine/core';
import { Stethoscope } from 'lucide-react';
import { Link } from 'wouter';
import type { Finding } from '../../../src-main/contract/api-engine.ts';
import { useEntry } from '../../api/use-entry.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Shape, Tone } from '../../ui/state-looks.ts';
import { StateShape } from '../../ui/state-mark.tsx';
import classes from './doctor.module.css';
import { inOrder, summaryOf } from './doctor-words.ts';

const looks: Readonly<
  Record<Finding['status'], { readonly shape: Shape; readonly tone: Tone; readonly word: string }>
> = {
  ok: { shape: 'check', tone: 'completed', word: 'In order' },
  warning: { shape: 'break', tone: 'waiting', word: 'Warning' },
  broken: { shape: 'cross', tone: 'failed', word: 'Broken' },
};

/** What the doctor finds of this machine and the database, what is broken first, each with its exact remedy. */
export function DoctorPanel() {
  const { data, error, isLoading, refetch } = useEntry('runDoctor', {});
  const findings = data === undefined ? [] : inOrder(data.findings);
  return (
    <Panel
      title="Doctor"
      actions={
        <>
          {data !== undefined && <span>{summaryOf(data.findings)}</span>}
          <Button
            variant="default"
            size="compact-xs"
            leftSection={<Stethoscope size={13} aria-hidden="true" />}
            loading={isLoading}
            onClick={refetch}
          >
            Check again
          </Button>
        </>
      }
      isFlush
    >
      {error !== null && (
        <div className={classes.padded}>
          <ErrorNotice error={error} onRetry={refetch} />
        </div>
      )}
      {isLoading && (
        <div className={classes.padded}>
          <Skeleton lines={7} height={18} />
        </div>
      )}
      <ul>
        {findings.map((finding) => (
          <FindingLine key={`${finding.check} ${finding.detail}`} finding={finding} />
        ))}
      </ul>
    </Panel>
  );
}

function FindingLine({ finding }: { readonly finding: Finding }) {
  const { check, status, detail, remedy } = finding;
  const { shape, tone, word } = looks[status];
  return (
    <li className={classes.finding}>
      <span className={classes.status}>
        <StateShape shape={shape} tone={tone} />
        <span className={classes.word}>{word}</span>
      </span>
      <span className={classes.check}>{check}</span>
      <div className={classes.detail}>
        <p>{detail}</p>
        {check === 'agents' ? (
          <p className={classes.remedy}>
            <Link href="/agents?add=agent">Add an agent</Link> shows what is on this machine, and the command that
            installs each of the others.
          </p>
        ) : (
          <Remedy remedy={remedy} isWrong={status !== 'ok'} />
        )}
      </div>
    </li>
  );
}

function Remedy({ remedy, isWrong }: { readonly remedy: string | null; readonly isWrong: boolean }) {
  if (remedy === null) return null;
  return isWrong ? <CodeBlock text={remedy} label="Remedy" /> : <p className={classes.remedy}>{remedy}</p>;
}
