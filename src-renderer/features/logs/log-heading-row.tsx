import { downloadAddress } from './download-address.ts';
import type { SourceState } from './log-model.ts';
import styles from './log-viewport.module.css';

/** The row above the lines of one of several logs. */
export function LogHeadingRow({ row, source }: { readonly row: number; readonly source: SourceState }) {
  const count = source.totalLines;
  return (
    <div className={styles.heading} data-row={row}>
      <span>{source.title}</span>
      <span className={styles.headingFact}>
        {count === 0 ? 'nothing printed' : `${count.toLocaleString('en')} ${count === 1 ? 'line' : 'lines'}`}
        {source.isKnown && !source.isComplete ? ', live' : ''}
      </span>
      {count > 0 && (
        <a
          className={styles.headingLink}
          href={downloadAddress(source.attemptId)}
          download={`${source.attemptId}.log`}
          aria-label={`Download the log of ${source.title}`}
        >
          Download
        </a>
      )}
    </div>
  );
}
