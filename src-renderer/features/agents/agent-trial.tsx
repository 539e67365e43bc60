import { Button, TextInput } from '@mantine/core';
import { FlaskConical } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import type { ApiOutput } from '../../../src-main/contract/api.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { useApi } from '../../api/client.tsx';
import { formatDuration } from '../../format/duration.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { ErrorNotice } from '../../ui/notices.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { Duration } from '../../ui/times.tsx';
import classes from './agents.module.css';

type Report = ApiOutput<'testAgent'>;
type Outcome = { readonly report: Report } | { readonly error: ApiError };

export interface AgentTrialProps {
  /** The definition of the form; null when it has faults, which are then shown. */
  readonly read: () => AgentDefinition | null;
  readonly isAcp: boolean;
}

/** Starts the agent as it is typed, before it is saved, and tells what came of it. */
export function AgentTrial({ read, isAcp }: AgentTrialProps) {
  const api = useApi();
  const [prompt, setPrompt] = useState('');
  const [startedAt, setStartedAt] = useState<number | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);

  async function run(): Promise<void> {
    const definition = read();
    if (definition === null) return;
    setOutcome(null);
    setStartedAt(Date.now());
    const text = prompt.trim();
    const result = await api.testAgent({ definition, ...(text === '' ? {} : { prompt: text }) });
    if (!isShown.current) return;
    setStartedAt(null);
    setOutcome(result.ok ? { report: result.value } : { error: result.error });
  }

  return (
    <section className={classes.trial} aria-label="Test run">
      <div className={classes.trialRow}>
        <TextInput
          label="Test run"
          description={
            isAcp
              ? 'Starts it in an empty folder and waits for its handshake; with a prompt also for its answer. Whatever it asks for is refused, and nothing is kept.'
              : 'Starts it once in an empty folder with this prompt. Nothing is kept.'
          }
          placeholder={isAcp ? 'Prompt, if you like' : 'Prompt'}
          maxLength={10_000}
          value={prompt}
          onChange={(event) => setPrompt(event.currentTarget.value)}
        />
        <Button
          variant="default"
          leftSection={<FlaskConical size={14} aria-hidden="true" />}
          loading={startedAt !== null}
          onClick={() => void run()}
        >
          Test
        </Button>
      </div>
      <div aria-live="polite">
        {startedAt !== null && (
          <p className={classes.note}>
            Testing, <Duration from={startedAt} to={null} />
          </p>
        )}
        {outcome !== null && <TrialOutcome outcome={outcome} />}
      </div>
    </section>
  );
}

/** What came of it may be below the end of the dialog. */
function showAll(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

function TrialOutcome({ outcome }: { readonly outcome: Outcome }) {
  if ('error' in outcome) return <ErrorNotice error={outcome.error} />;
  const { passed, version, durationMs, failure, output } = outcome.report;
  return (
    <div className={classes.form} ref={showAll}>
      <div className={classes.verdict}>
        <StateShape shape={passed ? 'check' : 'cross'} tone={passed ? 'completed' : 'failed'} />
        <div>
          <p>
            <strong>{passed ? 'It works.' : 'It does not work.'}</strong>{' '}
            <span className={classes.muted}>
              {version === null ? '' : `Version ${version}, `}
              {formatDuration(durationMs)}
              {failure === null ? '' : ` · ${failure.category}`}
            </span>
          </p>
          {failure !== null && <p className={classes.sentence}>{failure.message}</p>}
          {failure?.remedy !== undefined && <p className={classes.muted}>{failure.remedy}</p>}
        </div>
      </div>
      {output.length > 0 && <CodeBlock text={output.join('\n')} label="What it printed" maxHeight={200} />}
    </div>
  );
}
