import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import { agentDefinitionSchema } from '../../../src-main/contract/agent.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { invalidFields } from '../../../src-main/contract/invalid-input.ts';
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
  /** What has no field here, and stays as it is. */
  readonly kept: Pick<AgentDefinition, 'provider' | 'watchdog'>;
}

export type FormField = Exclude<keyof AgentForm, 'kept'>;
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
  kept: {},
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
    kept: keptOf(definition),
  };
}

function keptOf({ provider, watchdog }: AgentDefinition): AgentForm['kept'] {
  return { ...(provider === undefined ? {} : { provider }), ...(watchdog === undefined ? {} : { watchdog }) };
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
    ...form.kept,
  });
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  const faults: Record<string, string> = repeated === undefined ? {} : { env: `${repeated} is named twice.` };
  const lost = form.env.some(({ name, value }) => name.trim() === '' && value !== '');
  if (lost) faults.env ??= 'A value has no name.';
  if (parsed.success) return repeated === undefined && !lost ? { definition: parsed.data, faults: null } : { faults };
  for (const { path, complaint } of invalidFields(parsed.error)) {
    const field = fieldOf(path[0]);
    if (field !== null) faults[field] ??= sentence(path, complaint);
  }
  return { faults };
}

/** The faults that a refusal of the engine names; none when it is about no field of the form. */
export function faultsOf(error: ApiError): FormFaults {
  const path = (error.field ?? '').replace(/^definition\./, '').split(/[.[]/);
  const field = fieldOf(path[0]);
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
};

function fieldOf(name: PropertyKey | undefined): FormField | null {
  return typeof name === 'string' && Object.hasOwn(fieldNames, name) ? (fieldNames[name] ?? null) : null;
}

/** "It must not be empty.", or with the name of what is at fault inside of the field: "API_TOKEN must not be stored, …". */
function sentence([, inside]: readonly PropertyKey[], complaint: string): string {
  const subject = inside === undefined ? 'It' : nameOf(inside);
  return `${subject} ${complaint}.`;
}

function nameOf(inside: PropertyKey): string {
  return typeof inside === 'number' ? `Entry ${inside + 1}` : String(inside);
}

function withoutEmpty(lines: readonly string[]): string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}
