import type { ReactNode } from 'react';
import classes from './spoken.module.css';

/** Words for screen readers only. `isStatus`: they are told when they change. */
export function Spoken({ isStatus = false, children }: { readonly isStatus?: boolean; readonly children: ReactNode }) {
  return (
    <span className={classes.spoken} {...(isStatus ? { role: 'status' } : {})}>
      {children}
    </span>
  );
}
