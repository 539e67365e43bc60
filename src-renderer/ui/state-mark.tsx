import type { ReactNode } from 'react';
import type { Shape, StateOf, Subject, Tone } from './state-looks.ts';
import { lookOf } from './state-looks.ts';
import classes from './state-mark.module.css';

/** The sign of a state: 14 px, in the colour of its text. Decoration: the word says the same. */
export function StateShape({ shape, tone }: { readonly shape: Shape; readonly tone: Tone }) {
  return (
    <svg className={classes.shape} data-tone={tone} viewBox="0 0 14 14" aria-hidden="true">
      {drawings[shape]}
    </svg>
  );
}

const drawings: Readonly<Record<Shape, ReactNode>> = {
  ring: <circle cx="7" cy="7" r="4.5" />,
  dots: (
    <g className={classes.solid}>
      <circle cx="2.5" cy="7" r="1.5" />
      <circle cx="7" cy="7" r="1.5" />
      <circle cx="11.5" cy="7" r="1.5" />
    </g>
  ),
  track: (
    <>
      <path className={classes.rail} d="M1 4.5H13M1 9.5H13" />
      <path className={classes.lit} d="M1 7H13" />
    </>
  ),
  check: (
    <>
      <circle className={classes.ground} cx="7" cy="7" r="6" />
      <path d="M4 7.2L6.2 9.4L10 4.9" />
    </>
  ),
  diamond: <path className={classes.solid} d="M7 1L13 7L7 13L1 7Z" />,
  bars: <path d="M4.5 3V11M9.5 3V11" />,
  cross: (
    <>
      <rect className={classes.ground} x="1" y="1" width="12" height="12" rx="2" />
      <path d="M4.4 4.4L9.6 9.6M9.6 4.4L4.4 9.6" />
    </>
  ),
  slash: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="M4 10L10 4" />
    </>
  ),
  skip: <path d="M2.5 3.5L6 7L2.5 10.5M7.5 3.5L11 7L7.5 10.5" />,
  break: <path d="M8 1L4 7.5H10L6 13" />,
};

export interface StateMarkProps<S extends Subject> {
  /** What has the state: `run`, `task`, … */
  readonly of: S;
  readonly state: StateOf[S];
  /** Only the sign; the word is then its tooltip and its name for screen readers. */
  readonly isCompact?: boolean;
  /** It goes on, but nothing has come of it for long: an amber outline, slowly pulsing. */
  readonly isStuck?: boolean;
  /** Another word than the state's own, such as what it waits for. */
  readonly word?: string;
}

/** A state as colour, shape and word. Running is a lit track that moves, unless the system asks for less motion. */
export function StateMark<S extends Subject>({ of, state, isCompact, isStuck, word }: StateMarkProps<S>) {
  const look = lookOf(of, state);
  const text = word ?? (isStuck === true ? `${look.word}, stuck` : look.word);
  return (
    <span
      className={classes.mark}
      data-tone={isStuck === true ? 'waiting' : look.tone}
      data-state={state}
      data-stuck={isStuck === true || undefined}
      title={isCompact === true ? text : undefined}
    >
      <StateShape shape={look.shape} tone={look.tone} />
      <span className={isCompact === true ? classes.hidden : classes.word}>{text}</span>
    </span>
  );
}
