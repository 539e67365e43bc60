import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import { agentDefinitionSchema } from '../../../src-main/contract/agent.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { invalidFields } from '../../../src-main/contract/invalid-input.ts';
import type { WatchdogRung } from '../../../src-main/contract/policies.ts';
import type { TypedVariable } from '../../ui/variables-field.tsx';

/** A definition as it is being typed: times in the units that people use, an empty number while a field is empty. */
export interface AgentForm {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly protocol: AgentDefinition['protocol'];
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly env: readonly TypedVariable[];
  readonly capabilities: readonly string[];
  readonly repositories: readonly string[];
  readonly slots: number | '';
  readonly startSeconds: number | '';
  /** 0 keeps an idle process. */
  readonly idleMinutes: number | '';
  readonly permissions: AgentDefinition['permissions'];
  /** Empty: none. */
  readonly provider: string;
  /** False: what the settings say for its protocol holds, and the three after it mean nothing. */
  readonly hasWatchdog: boolean;
  /** 0: never stuck. */
  readonly silentMinutes: number | '';
  readonly stepMinutes: number | '';
  readonly upTo: WatchdogRung;
}

export type FormField = keyof AgentForm;
/** What is wrong, by field, as a sentence. */
export type FormFaults = Partial<Readonly<Record<FormField, string>>>;

const second = 1_000;
const minute = 60_000;

/** What stands in the form before anything is chosen. */
export const emptyForm: AgentForm = {
  id: '',
  title: '',
  type: '',
  protocol: 'acp',
  command: [''],
  env: [],
  capabilities: [],
  repositories: [],
  slots: 1,
  startSeconds: 60,
  idleMinutes: 5,
  permissions: 'ask',
  provider: '',
  hasWatchdog: false,
  silentMinutes: 5,
  stepMinutes: 1,
  upTo: 'park',
};

/** A definition in the form. */
export function formOf(definition: AgentDefinition): AgentForm {
  const { id, title, type, protocol, command, env, capabilities, repositories, slots, permissions } = definition;
  return {
    id,
    title,
    type,
    protocol,
    command: command.length === 0 ? [''] : command,
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    capabilities,
    repositories,
    slots,
    startSeconds: definition.startTimeoutMs / second,
    idleMinutes: definition.idleStopMs / minute,
    permissions,
    ...watchOf(definition),
  };
}

function watchOf({ provider = '', watchdog }: AgentDefinition) {
  if (watchdog === undefined) {
    const { hasWatchdog, silentMinutes, stepMinutes, upTo } = emptyForm;
    return { provider, hasWatchdog, silentMinutes, stepMinutes, upTo };
  }
  const { silentMs, stepMs, upTo } = watchdog;
  return { provider, hasWatchdog: true, silentMinutes: silentMs / minute, stepMinutes: stepMs / minute, upTo };
}

function readWatch({ provider, hasWatchdog, silentMinutes, stepMinutes, upTo }: AgentForm) {
  const amount = (value: number | '') => (value === '' ? undefined : Math.round(value * minute));
  return {
    ...(provider.trim() === '' ? {} : { provider: provider.trim() }),
    ...(hasWatchdog ? { watchdog: { silentMs: amount(silentMinutes), stepMs: amount(stepMinutes), upTo } } : {}),
  };
}

/** The definition that a form describes, or what is wrong with it. Empty lines are left out. */
export function readForm(
  form: AgentForm,
): { readonly definition: AgentDefinition; readonly faults: null } | { readonly faults: FormFaults } {
  const names = form.env.map(({ name }) => name.trim()).filter((name) => name !== '');
  const parsed = agentDefinitionSchema.safeParse({
    id: form.id.trim(),
    title: form.title.trim(),
    type: form.type.trim(),
    protocol: form.protocol,
    command: form.protocol === 'shell' ? [] : withoutEmpty(form.command),
    env: Object.fromEntries(form.env.map(({ name, value }) => [name.trim(), value]).filter(([name]) => name !== '')),
    capabilities: [...form.capabilities],
    repositories: withoutEmpty(form.repositories),
    slots: form.slots === '' ? undefined : form.slots,
    startTimeoutMs: form.startSeconds === '' ? undefined : Math.round(form.startSeconds * second),
    idleStopMs: form.idleMinutes === '' ? undefined : Math.round(form.idleMinutes * minute),
    permissions: form.permissions,
    builtin: false,
    ...readWatch(form),
  });
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  const faults: Record<string, string> = repeated === undefined ? {} : { env: `${repeated} is named twice.` };
  const lost = form.env.some(({ name, value }) => name.trim() === '' && value !== '');
  if (lost) faults.env ??= 'A value has no name.';
  if (parsed.success) return repeated === undefined && !lost ? { definition: parsed.data, faults: null } : { faults };
  for (const { path, complaint } of invalidFields(parsed.error)) {
    const field = fieldOf(path);
    if (field !== null) faults[field] ??= sentence(path, complaint);
  }
  if (faults.silentMinutes !== undefined && form.silentMinutes === '') faults.silentMinutes = 'It is missing.';
  if (faults.stepMinutes !== undefined && form.stepMinutes === '') faults.stepMinutes = 'It is missing.';
  return { faults };
}

/** The faults that a refusal of the engine names; none when it is about no field of the form. */
export function faultsOf(error: ApiError): FormFaults {
  const path = (error.field ?? '').replace(/^definition\./, '').split(/[.[]/);
  const field = fieldOf(path);
  return field === null ? {} : { [field]: error.message };
}

const fieldNames: Readonly<Record<string, FormField>> = {
  id: 'id',
  title: 'title',
  type: 'type',
  protocol: 'protocol',
  command: 'command',
  env: 'env',
  capabilities: 'capabilities',
  repositories: 'repositories',
  slots: 'slots',
  startTimeoutMs: 'startSeconds',
  idleStopMs: 'idleMinutes',
  permissions: 'permissions',
  provider: 'provider',
  'watchdog.silentMs': 'silentMinutes',
  'watchdog.stepMs': 'stepMinutes',
  'watchdog.upTo': 'upTo',
};

function fieldOf([first, second]: readonly PropertyKey[]): FormField | null {
  const name = first === 'watchdog' ? `watchdog.${String(second)}` : String(first);
  return Object.hasOwn(fieldNames, name) ? (fieldNames[name] ?? null) : null;
}

/** "It must not be empty.", or with the name of what is at fault inside of the field: "API_TOKEN must not be stored, …". */
function sentence([first, inside]: readonly PropertyKey[], complaint: string): string {
  const subject = inside === undefined || first === 'watchdog' ? 'It' : nameOf(inside);
  return `${subject} ${complaint}.`;
}

function nameOf(inside: PropertyKey): string {
  return typeof inside === 'number' ? `Entry ${inside + 1}` : String(inside);
}

function withoutEmpty(lines: readonly string[]): string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}
