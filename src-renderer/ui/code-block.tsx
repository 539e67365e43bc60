import classes from './code-block.module.css';
import { CopyButton } from './identifier.tsx';

export interface CodeBlockProps {
  /** Shown as it is, never as markup. */
  readonly text: string;
  /** What it is, for screen readers: "Last error". */
  readonly label: string;
  /** How high it grows before it scrolls, in px. */
  readonly maxHeight?: number;
}

/** How many characters are put into the page; all of them are copied. */
const shownLength = 20_000;

/** Text in a mono face, wrapped, with a button that copies all of it. */
export function CodeBlock({ text, label, maxHeight = 320 }: CodeBlockProps) {
  const isCut = text.length > shownLength;
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.text} style={{ maxHeight }} aria-label={label} tabIndex={0}>
        <pre>{isCut ? `${text.slice(0, shownLength)}\n… ${text.length - shownLength} more characters` : text}</pre>
      </section>
      <div className={classes.copy}>
        <CopyButton text={text} label={`Copy: ${label}`} />
      </div>
    </div>
  );
}
