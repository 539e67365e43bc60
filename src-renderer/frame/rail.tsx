import { Link, useLocation } from 'wouter';
import { places } from './places.ts';
import classes from './rail.module.css';
import type { EngineStatus } from './use-status.ts';

/** The places of the window; icons alone where there is little room. */
export function Rail({ status }: { readonly status: EngineStatus | undefined }) {
  const [path] = useLocation();
  const questions = status === undefined ? 0 : status.questions.approvals + status.questions.permissions;
  return (
    <nav className={classes.rail} aria-label="Views">
      {places.map(({ to, label, icon: Icon, key }) => {
        const isCurrent = to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`);
        const count = to === '/inbox' ? questions : 0;
        return (
          <Link
            key={to}
            href={to}
            className={classes.place}
            aria-current={isCurrent ? 'page' : undefined}
            title={`${label} (g ${key})`}
          >
            <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
            <span className={classes.label}>{label}</span>
            {count > 0 && <span className={classes.count}>{count}</span>}
          </Link>
        );
      })}
    </nav>
  );
}
