import type { ReactNode } from 'react';
import { useId } from 'react';
import classes from './panel.module.css';

export interface PanelProps {
  /** Its heading; absent: none, and then `label` names it. */
  readonly title?: ReactNode;
  readonly label?: string;
  /** At the right end of the heading: a link, a button, a number. */
  readonly actions?: ReactNode;
  /** True: no space around the content (lists, tables). */
  readonly isFlush?: boolean;
  readonly children: ReactNode;
}

/** A bordered part of a view with its heading. */
export function Panel({ title, label, actions, isFlush = false, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes.panel} {...(title === undefined ? { 'aria-label': label } : { 'aria-labelledby': id })}>
      {(title !== undefined || actions !== undefined) && (
        <header className={classes.head}>
          {title !== undefined && (
            <h2 id={id} className={classes.title}>
              {title}
            </h2>
          )}
          {actions !== undefined && <div className={classes.actions}>{actions}</div>}
        </header>
      )}
      <div className={isFlush ? classes.flush : classes.content}>{children}</div>
    </section>
  );
}
