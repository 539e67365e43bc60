import type { ReactNode } from 'react';
import { useId } from 'react';
import classes from './field-group.module.css';

export interface FieldGroupProps {
  readonly label: string;
  /** What the fields are about, in a sentence below the label; absent: the label says enough. */
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

/** Fields that belong together, under one name: a list of lines, a choice, a set of switches. */
export function FieldGroup({ label, note, children }: FieldGroupProps) {
  const id = useId();
  return (
    <fieldset className={classes.group} {...(note === undefined ? {} : { 'aria-describedby': id })}>
      <legend className={classes.legend}>{label}</legend>
      {note !== undefined && (
        <p id={id} className={classes.note}>
          {note}
        </p>
      )}
      {children}
    </fieldset>
  );
}

/** What is wrong with a group of fields; nothing is drawn when nothing is. */
export function FieldFault({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p className={classes.fault} role="alert">
      {text}
    </p>
  );
}
