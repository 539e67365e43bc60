import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { formatCompact } from '../format/amount.ts';
import classes from './page.module.css';

/** One tab of a page: a place of its own, so that it can be linked to. */
export interface PageTab {
  /** Where it leads, such as `/queue/dead`. */
  readonly to: string;
  readonly label: string;
  readonly isCurrent: boolean;
  /** A number beside the label; null or absent: none. */
  readonly count?: number | null;
}

export interface PageProps {
  readonly title: ReactNode;
  /** Beside the title, small: a state, an identifier, a count. */
  readonly about?: ReactNode;
  /** Buttons at the right end. */
  readonly actions?: ReactNode;
  readonly tabs?: readonly PageTab[];
  /** Under the head, above what scrolls: a filter bar. */
  readonly bar?: ReactNode;
  /** True: the content has the whole height and scrolls by itself (tables, logs, graphs). */
  readonly isFilled?: boolean;
  readonly children: ReactNode;
}

/** A view: its head, and below it what scrolls. */
export function Page({ title, about, actions, tabs, bar, isFilled = false, children }: PageProps) {
  return (
    <section className={classes.page}>
      <header className={classes.head}>
        <h1 className={classes.title}>{title}</h1>
        {about !== undefined && <div className={classes.about}>{about}</div>}
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {tabs !== undefined && <Tabs tabs={tabs} />}
      {bar !== undefined && <div className={classes.bar}>{bar}</div>}
      <div className={isFilled ? classes.filled : classes.content} {...(isFilled ? {} : { tabIndex: -1 })}>
        {children}
      </div>
    </section>
  );
}

/** Tabs that are links: each has its address. */
function Tabs({ tabs }: { readonly tabs: readonly PageTab[] }) {
  return (
    <nav className={classes.tabs} aria-label="Parts of this view">
      {tabs.map(({ to, label, isCurrent, count }) => (
        <Link key={to} href={to} className={classes.tab} aria-current={isCurrent ? 'page' : undefined}>
          {label}
          {typeof count === 'number' && <span className={classes.count}>{formatCompact(count)}</span>}
        </Link>
      ))}
    </nav>
  );
}
