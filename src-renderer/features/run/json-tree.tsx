import { useState } from 'react';
import type { Json } from '../../../src-main/contract/values.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/identifier.tsx';
import classes from './json-tree.module.css';

/** How many entries of a list are shown before a person asks for more, and how much text of one value. */
const shown = { entries: 100, text: 400 } as const;

export interface JsonTreeProps {
  readonly value: Json;
  /** What it is: "Outputs of build". Its heading says so too; this names what is copied. */
  readonly label: string;
}

/** A value as a tree that opens and closes; all of it can be copied as JSON. */
export function JsonTree({ value, label }: JsonTreeProps) {
  return (
    <div className={classes.frame}>
      <div className={classes.tree}>
        {isBranch(value) ? <Entries value={value} depth={0} /> : <Leaf value={value} label={label} />}
      </div>
      <CopyButton text={JSON.stringify(value, null, 2)} label={`Copy: ${label}`} />
    </div>
  );
}

type Branch = readonly Json[] | Readonly<Record<string, Json>>;

function isBranch(value: Json): value is Branch {
  return typeof value === 'object' && value !== null;
}

function Entries({ value, depth }: { readonly value: Branch; readonly depth: number }) {
  const [count, setCount] = useState<number>(shown.entries);
  const entries = Object.entries(value);
  if (entries.length === 0) return <span className={classes.muted}>{emptyWord(value)}</span>;
  return (
    <ul className={classes.entries}>
      {entries.slice(0, count).map(([name, entry]) => (
        <Entry key={name} name={name} value={entry} depth={depth} />
      ))}
      {entries.length > count && (
        <li>
          <button type="button" className={classes.more} onClick={() => setCount(count + 10 * shown.entries)}>
            {entries.length - count} more
          </button>
        </li>
      )}
    </ul>
  );
}

function Entry({ name, value, depth }: { readonly name: string; readonly value: Json; readonly depth: number }) {
  const [isOpen, setOpen] = useState(depth < 1);
  if (!isBranch(value) || Object.keys(value).length === 0) {
    return (
      <li className={classes.entry}>
        <span className={classes.name}>{name}</span>
        {isBranch(value) ? (
          <span className={classes.muted}>{emptyWord(value)}</span>
        ) : (
          <Leaf value={value} label={name} />
        )}
      </li>
    );
  }
  return (
    <li className={classes.branch}>
      <button type="button" className={classes.fold} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span className={classes.name}>{name}</span>
        <span className={classes.muted}>{sizeWords(value)}</span>
      </button>
      {isOpen && <Entries value={value} depth={depth + 1} />}
    </li>
  );
}

function emptyWord(value: Branch): string {
  return Array.isArray(value) ? 'an empty list' : 'nothing';
}

function sizeWords(value: Branch): string {
  const size = Object.keys(value).length;
  if (Array.isArray(value)) return size === 1 ? '1 item' : `${size} items`;
  return size === 1 ? '1 value' : `${size} values`;
}

function Leaf({ value, label }: { readonly value: Exclude<Json, Branch>; readonly label: string }) {
  if (typeof value !== 'string') return <code className={classes.literal}>{String(value)}</code>;
  if (value === '') return <span className={classes.muted}>empty text</span>;
  if (value.length > shown.text || value.includes('\n'))
    return <CodeBlock text={value} label={label} maxHeight={200} />;
  return <span className={classes.text}>{value}</span>;
}
