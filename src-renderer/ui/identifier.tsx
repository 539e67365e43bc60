import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { shortIdentifier } from '../format/identifier.ts';
import { copyText } from './copy-text.ts';
import classes from './identifier.module.css';

/** An identifier: its telling end in a mono face, the whole on hover, and a button that copies it. */
export function Identifier({ id }: { readonly id: string }) {
  return (
    <span className={classes.identifier}>
      <code title={id}>{shortIdentifier(id)}</code>
      <CopyButton text={id} label={`Copy ${id}`} />
    </span>
  );
}

/** A small button that puts text on the clipboard, and says that it did. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <button
      type="button"
      className={classes.copy}
      aria-label={isCopied ? 'Copied' : label}
      title={isCopied ? 'Copied' : 'Copy'}
      onClick={(event) => {
        event.stopPropagation();
        void copyText(text).then(setCopied);
      }}
      onBlur={() => setCopied(false)}
      onMouseLeave={() => setCopied(false)}
    >
      {isCopied ? <Check size={12} aria-hidden="true" /> : <Copy size={12} aria-hidden="true" />}
    </button>
  );
}
