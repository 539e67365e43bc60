import { ActionIcon, Button } from '@mantine/core';
import { X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { Fragment, useId, useState } from 'react';
import { FieldFault } from '../../ui/field-group.tsx';
import { Spoken } from '../../ui/spoken.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import type { Recording } from './accelerator.ts';
import { keyWords, knownUse, recordKeys } from './accelerator.ts';
import classes from './settings.module.css';

export interface ShortcutFieldProps {
  /** What the shortcut does: "Show the window". */
  readonly label: string;
  readonly hint: string;
  /** In Electron's notation; null: none. */
  readonly value: string | null;
  readonly fault: string | undefined;
  readonly isMac: boolean;
  readonly onChange: (accelerator: string | null) => void;
}

/**
 * Records a shortcut: pressing the button begins, the keys pressed then are the shortcut, Escape leaves it as it was.
 * Tab goes on, as everywhere, so that nobody is caught in it.
 */
export function ShortcutField({ label, hint, value, fault, isMac, onChange }: ShortcutFieldProps) {
  const id = useId();
  const [recording, setRecording] = useState<Recording | null>(null);
  const [said, setSaid] = useState('');
  const isRecording = recording !== null;
  const use = value === null ? null : knownUse(value, isMac);

  function press(event: KeyboardEvent): void {
    if (!isRecording) return;
    const next = readKeys(event, isMac);
    if (next.kind === 'passed') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    if (next.kind === 'recorded') {
      onChange(next.accelerator);
      setSaid(`${label}: ${keyWords(next.accelerator, isMac).join(' ')}`);
    }
    if (next.kind === 'left') setSaid('Left as it was');
    setRecording(next.kind === 'recorded' || next.kind === 'left' ? null : next);
  }

  /** Shows the modifiers that are still held. */
  function release(event: KeyboardEvent): void {
    const next = readKeys(event, isMac);
    if (recording?.kind === 'held' && next.kind === 'held') setRecording(next);
  }

  return (
    <div className={classes.shortcut}>
      <div>
        <p id={`${id}-label`} className={classes.name}>
          {label}
        </p>
        <p id={`${id}-hint`} className={classes.small}>
          {hint}
        </p>
      </div>
      <div className={classes.keys}>
        <Button
          variant="default"
          className={classes.recorder ?? ''}
          data-recording={isRecording || undefined}
          aria-labelledby={`${id}-label ${id}-keys`}
          aria-describedby={`${id}-hint`}
          aria-pressed={isRecording}
          onClick={() => setRecording(isRecording ? null : { kind: 'held', modifiers: [] })}
          onKeyDown={press}
          onKeyUp={release}
          onBlur={() => setRecording(null)}
        >
          <span id={`${id}-keys`}>
            <Shown recording={recording} value={value} isMac={isMac} />
          </span>
        </Button>
        <ActionIcon
          aria-label={`Clear the shortcut: ${label}`}
          disabled={value === null}
          onClick={() => {
            onChange(null);
            setSaid(`${label}: no shortcut`);
          }}
        >
          <X size={14} aria-hidden="true" />
        </ActionIcon>
      </div>
      <div className={classes.shortcutNotes}>
        {recording?.kind === 'refused' && <FieldFault text={recording.reason} />}
        <FieldFault text={fault} />
        {!isRecording && use !== null && (
          <p className={classes.mark}>
            <StateShape shape="diamond" tone="waiting" /> In most applications this {use}; while it is set here, it no
            longer does.
          </p>
        )}
      </div>
      <Spoken isStatus>{isRecording ? 'Press the keys of the shortcut; Escape leaves it as it was' : said}</Spoken>
    </div>
  );
}

function readKeys(event: KeyboardEvent, isMac: boolean): Recording {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event;
  const isAltGraph = event.getModifierState('AltGraph');
  return recordKeys({ key, code, ctrlKey, metaKey, altKey, shiftKey, isAltGraph }, isMac);
}

interface ShownProps {
  readonly recording: Recording | null;
  readonly value: string | null;
  readonly isMac: boolean;
}

/** The keys in the field: those held while it records, else those of the shortcut. */
function Shown({ recording, value, isMac }: ShownProps) {
  if (recording !== null) {
    const held = recording.kind === 'held' ? recording.modifiers : [];
    return held.length === 0 ? 'Press keys …' : <Keys words={held.flatMap((part) => keyWords(part, isMac))} isOpen />;
  }
  return value === null ? 'None' : <Keys words={keyWords(value, isMac)} />;
}

function Keys({ words, isOpen = false }: { readonly words: readonly string[]; readonly isOpen?: boolean }) {
  return (
    <>
      {words.map((word) => (
        <Fragment key={word}>
          <kbd>{word}</kbd>{' '}
        </Fragment>
      ))}
      {isOpen && '…'}
    </>
  );
}
