import { NumberInput, Radio, Select, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { agentProtocols, permissionAnswers } from '../../../src-main/contract/agent.ts';
import { watchdogRungs } from '../../../src-main/contract/policies.ts';
import { VariablesField } from '../../ui/variables-field.tsx';
import type { FormField } from './agent-form.ts';
import classes from './agents.module.css';
import { permissionWords, protocolWords, rungChoices } from './definition-words.ts';
import { ListField } from './list-field.tsx';
import type { AgentFormState } from './use-agent-form.ts';

export interface AgentFormFieldsProps {
  readonly state: AgentFormState;
  /** False: the identifier is that of an agent that there is, and stays. */
  readonly isNew: boolean;
}

/** Every field of an agent's definition, with what is wrong beside it. */
export function AgentFormFields({ state, isNew }: AgentFormFieldsProps) {
  return (
    <div className={classes.form}>
      <NameFields state={state} isNew={isNew} />
      <StartFields state={state} />
      <PermissionsField state={state} />
      <LimitFields state={state} />
      <SkillFields state={state} />
      <TrustFields state={state} />
    </div>
  );
}

interface FieldsProps {
  readonly state: AgentFormState;
}

/** What every text field of the form has in common. */
function textField({ form, faults, set, leave }: AgentFormState, field: 'id' | 'title' | 'type' | 'provider') {
  return {
    value: form[field],
    error: faults[field],
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => set(field, event.currentTarget.value),
    onBlur: () => leave(field),
  };
}

function numberField(
  { form, faults, set, leave }: AgentFormState,
  field: FormField & ('slots' | 'startSeconds' | 'idleMinutes' | 'silentMinutes' | 'stepMinutes'),
) {
  return {
    value: form[field],
    error: faults[field],
    min: 0,
    onChange: (value: number | string) => set(field, typeof value === 'number' ? value : ''),
    onBlur: () => leave(field),
  };
}

function NameFields({ state, isNew }: AgentFormFieldsProps) {
  return (
    <>
      <TextInput label="Title" description="As people see it." required {...textField(state, 'title')} />
      <div className={classes.pair}>
        <TextInput
          label="Identifier"
          description={isNew ? 'Lower-case letters, digits, - and _. It stays.' : 'It stays: history refers to it.'}
          required
          readOnly={!isNew}
          {...textField(state, 'id')}
        />
        <TextInput
          label="Type"
          description="What workflows ask for; agents may share one."
          required
          {...textField(state, 'type')}
        />
      </div>
    </>
  );
}

function StartFields({ state }: FieldsProps) {
  const { form, faults, set, leave } = state;
  return (
    <>
      <Select
        label="Protocol"
        description={protocolWords[form.protocol].hint}
        data={agentProtocols.map((value) => ({ value, label: protocolWords[value].label }))}
        value={form.protocol}
        allowDeselect={false}
        error={faults.protocol}
        onChange={(value) => {
          const protocol = agentProtocols.find((known) => known === value);
          if (protocol !== undefined) set('protocol', protocol);
        }}
      />
      {form.protocol !== 'shell' && (
        <ListField
          label="Command"
          hint="The program, and each of its arguments on a line of its own. It is started without a shell, so that nothing needs quotes."
          lines={form.command}
          nameOf={(index) => (index === 0 ? 'Program' : `Argument ${index}`)}
          addLabel="Add an argument"
          placeholder="gemini"
          fault={faults.command}
          onChange={(lines) => set('command', lines.length === 0 ? [''] : lines)}
          onLeave={() => leave('command')}
        />
      )}
      <VariablesField
        note="Added to the environment in which the engine was started, which every agent inherits. These are stored and shown: keys, tokens and passwords are refused here, and belong into the engine’s own environment."
        variables={form.env}
        fault={faults.env}
        onChange={(variables) => set('env', variables)}
        onLeave={() => leave('env')}
      />
    </>
  );
}

function PermissionsField({ state }: FieldsProps) {
  const { form, set } = state;
  if (form.protocol !== 'acp') return null;
  return (
    <Radio.Group
      label="When it asks to be allowed something"
      value={form.permissions}
      onChange={(value) => {
        const permissions = permissionAnswers.find((known) => known === value);
        if (permissions !== undefined) set('permissions', permissions);
      }}
    >
      <Stack gap={8} mt={6}>
        {(['ask', 'reject', 'allow'] as const).map((value) => (
          <Radio
            key={value}
            value={value}
            label={permissionWords[value].label}
            description={permissionWords[value].hint}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function LimitFields({ state }: FieldsProps) {
  return (
    <div className={classes.triple}>
      <NumberInput
        label="Slots"
        description="Tasks at once"
        allowDecimal={false}
        required
        {...numberField(state, 'slots')}
      />
      <NumberInput
        label="Start time-out"
        description="Until it is ready"
        suffix=" s"
        required
        {...numberField(state, 'startSeconds')}
      />
      <NumberInput
        label="Idle stop"
        description="Without work; 0: never"
        suffix=" min"
        required
        {...numberField(state, 'idleMinutes')}
      />
    </div>
  );
}

function SkillFields({ state }: FieldsProps) {
  const { form, faults, set, leave } = state;
  return (
    <>
      <TagsInput
        label="Capabilities"
        description="What it can do, in short words. Work may ask for them. Enter adds one."
        value={[...form.capabilities]}
        error={faults.capabilities}
        onChange={(values) => set('capabilities', values)}
        onBlur={() => leave('capabilities')}
      />
      <ListField
        label="Repositories"
        hint="Folders that it knows best: work in them prefers it."
        lines={form.repositories}
        nameOf={(index) => `Folder ${index + 1}`}
        addLabel="Add a folder"
        fault={faults.repositories}
        onChange={(lines) => set('repositories', lines)}
        onLeave={() => leave('repositories')}
      />
    </>
  );
}

/** What holds when it is left alone: whose service it uses, and what becomes of work that does nothing. */
function TrustFields({ state }: FieldsProps) {
  const { form, faults, set } = state;
  return (
    <>
      <TextInput
        label="Provider"
        description="Whose service it uses, such as anthropic: agents of one provider share a circuit breaker. Empty: its own only."
        {...textField(state, 'provider')}
      />
      <Switch
        label="A watchdog of its own"
        description="Otherwise the settings say when its work counts as stuck, and what becomes of it."
        checked={form.hasWatchdog}
        onChange={(event) => set('hasWatchdog', event.currentTarget.checked)}
      />
      {form.hasWatchdog && (
        <div className={classes.triple}>
          <NumberInput
            label="Stuck after"
            description="No activity; 0: never"
            suffix=" min"
            required
            {...numberField(state, 'silentMinutes')}
          />
          <NumberInput
            label="Time for each step"
            description="Before the next one"
            suffix=" min"
            required
            {...numberField(state, 'stepMinutes')}
          />
          <Select
            label="At most"
            description="Includes those before"
            data={[...rungChoices]}
            value={form.upTo}
            error={faults.upTo}
            allowDeselect={false}
            onChange={(value) => {
              const rung = watchdogRungs.find((known) => known === value);
              if (rung !== undefined) set('upTo', rung);
            }}
          />
        </div>
      )}
    </>
  );
}
