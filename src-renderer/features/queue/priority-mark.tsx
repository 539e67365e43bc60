import type { Priority } from '../../../src-main/contract/states.ts';
import classes from './queue.module.css';

/** A priority in its word; those above normal stand out. */
export function PriorityMark({ priority }: { readonly priority: Priority }) {
  return (
    <span className={classes.priority} data-priority={priority}>
      {priority}
    </span>
  );
}
