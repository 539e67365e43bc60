import { useCallback, useRef, useState } from 'react';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { copyText } from '../../ui/copy-text.ts';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { missingIn, textBetween } from './copy-text.ts';
import type { LogModel, LogSource } from './log-model.ts';
import { useLogPreferences } from './log-preferences.ts';
import { selectedRange } from './log-selection.ts';
import { JumpToEnd, LogToolbar } from './log-toolbar.tsx';
import styles from './log-view.module.css';
import { LogViewport } from './log-viewport.tsx';
import { useLog } from './use-log.ts';
import { useLogKeys } from './use-log-keys.ts';
import { useLogModel, useReadLog } from './use-log-model.ts';
import { useLogSearch } from './use-log-search.ts';
import { useMarks } from './use-marks.ts';

export interface LogViewProps {
  /** One log, or several that stand one after the other under their titles. */
  readonly sources: readonly LogSource[];
}

/** Logs of attempts, live: as high as what it is in. Give it a `key` when it is to start anew. */
export function LogView({ sources }: LogViewProps) {
  const model = useLogModel(sources);
  const { find, error: searchError } = useLog(model, (log) => log.search.state);
  const error = useLog(model, (log) => log.error);
  const { wrap, timestamps } = useLogPreferences();
  const search = useLogSearch(model);
  const wantedIn = useMarks(model, find);
  const [expandedRow, setExpandedRow] = useState<number | null>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const focusSearch = useCallback(() => searchField.current?.select(), []);
  const copy = useCopy(model);
  const pressed = useLogKeys({ model, search, focusSearch, copy });
  const label = sources.length === 1 ? `Log of ${sources[0]?.title ?? 'the attempt'}` : 'Logs of all attempts';
  return (
    // Keys that nothing inside has taken move through the lines.
    <section className={styles.view} aria-label={label} onKeyDown={pressed}>
      <LogToolbar model={model} search={search} searchField={searchField} />
      <Trouble error={searchError} />
      <Trouble error={error} onRetry={() => model.refresh()} />
      <LogViewport
        model={model}
        label={`${label}: lines`}
        isWrapped={wrap}
        hasTimestamps={timestamps}
        wantedIn={wantedIn}
        expandedRow={expandedRow}
        onExpand={setExpandedRow}
      />
      <Nothing model={model} />
      <JumpToEnd model={model} />
    </section>
  );
}

function Trouble({ error, onRetry }: { readonly error: ApiError | null; readonly onRetry?: () => void }) {
  if (error === null) return null;
  return (
    <div className={styles.notice}>
      <ErrorNotice error={error} {...(onRetry === undefined ? {} : { onRetry })} />
    </div>
  );
}

function Nothing({ model }: { readonly model: LogModel }) {
  const isEmpty = useLog(model, (log) => log.error === null && log.rows === 0);
  const isKnown = useLog(model, ({ sources }) => sources.every((source) => source.isKnown));
  const isLive = useLog(model, ({ sources }) => sources.some(({ isComplete }) => !isComplete));
  if (!isEmpty) return null;
  if (!isKnown) {
    return (
      <div className={`${styles.empty} ${styles.loading}`}>
        <Skeleton lines={6} height={12} />
      </div>
    );
  }
  return (
    <div className={styles.empty}>
      <EmptyState
        title={isLive ? 'What the agent prints appears here.' : 'Nothing was printed.'}
        hint={isLive ? 'Nothing has been printed so far.' : 'The attempt ended without any output.'}
      />
    </div>
  );
}

function useCopy(model: LogModel): () => void {
  const read = useReadLog();
  return useCallback(() => {
    const range = selectedRange(model.selection);
    if (range === null) return;
    void (async () => {
      const copied = await textBetween(range.from, range.to, model.sources, read);
      if (!copied.ok) notifyError(copied.error);
      else if (await copyText(copied.value.text))
        notify('Copied', missingIn(copied.value) ?? amountOf(copied.value.text));
      else notifyError(notCopied);
    })();
  }, [model, read]);
}

const notCopied: ApiError = {
  type: 'refused',
  message: 'The text was not copied: the browser does not give access to its clipboard.',
  remedy: 'Allow it in the settings of the browser, or download the log.',
};

function amountOf(text: string): string {
  const lines = text.split('\n').length;
  return lines === 1 ? `${text.length.toLocaleString('en')} characters` : `${lines.toLocaleString('en')} lines`;
}
