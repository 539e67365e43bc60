import { ActionIcon, Button, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { Link } from 'wouter';
import { FieldFault, FieldGroup } from '../../ui/field-group.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { FormSectionProps } from './form-section.ts';
import classes from './settings.module.css';
import { readPatterns } from './settings-form.ts';
import { SettingsFormFrame } from './settings-form-frame.tsx';
import { useSettingsForm } from './use-settings-form.ts';

/** Patterns of further secrets, which are taken out of logs, events and messages. */
export function SecretsSection({ settings, isSaving, lockedBecause, save }: FormSectionProps) {
  const state = useSettingsForm<{ readonly redact: readonly string[] }>({
    saved: { redact: settings.redact },
    read: ({ redact }) => readPatterns(redact, settings),
    save,
  });
  const { redact } = state.form;
  return (
    <SettingsFormFrame label="Secrets" state={state} isSaving={isSaving} lockedBecause={lockedBecause}>
      <Panel title="Secrets">
        <div className={classes.fields}>
          <p className={classes.note}>
            Known shapes of keys and tokens, and the values of variables whose names say that they are secret, are
            always replaced by [redacted] before anything is stored or shown. Add what only you know of.
          </p>
          <FieldGroup
            label="Further patterns"
            note="Regular expressions; whatever matches is replaced. They hold after the engine was started again."
          >
            {redact.map((pattern, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
              <div key={index} className={classes.line}>
                <TextInput
                  className={classes.mono}
                  aria-label={`Pattern ${index + 1}`}
                  placeholder="corp-[a-z0-9]{20}"
                  maxLength={1_000}
                  value={pattern}
                  onChange={(event) => state.set({ redact: redact.with(index, event.currentTarget.value) })}
                />
                <ActionIcon
                  aria-label={`Remove pattern ${index + 1}`}
                  onClick={() => state.set({ redact: redact.filter((_, other) => other !== index) })}
                >
                  <X size={14} aria-hidden="true" />
                </ActionIcon>
              </div>
            ))}
            <FieldFault text={state.faults.redact} />
            <div>
              <Button
                variant="subtle"
                size="compact-xs"
                leftSection={<Plus size={13} aria-hidden="true" />}
                onClick={() => state.set({ redact: [...redact, ''] })}
              >
                Add a pattern
              </Button>
            </div>
          </FieldGroup>
        </div>
      </Panel>
      <Panel title="Environment of agents">
        <p className={classes.note}>
          Each agent has variables of its own, to be changed under <Link href="/agents">Agents</Link>. They are stored
          as they are, so that secrets are refused there: set those where Signalbox is started, whose environment all
          agents get.
        </p>
      </Panel>
    </SettingsFormFrame>
  );
}
