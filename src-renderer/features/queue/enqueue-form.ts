import type { ApiInput } from '../../../src-main/contract/api.ts';
import { taskEntries } from '../../../src-main/contract/api-tasks.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { invalidFields } from '../../../src-main/contract/invalid-input.ts';
import type { Priority } from '../../../src-main/contract/states.ts';
import type { TypedVariable } from '../../ui/variables-field.tsx';

/** A task as it is being typed. */
export interface EnqueueForm {
  readonly kind: 'command' | 'prompt';
  /** The shell script. */
  readonly script: string;
  readonly prompt: string;
  /** `id:<agent>` or `type:<type>`; null: not chosen yet. */
  readonly target: string | null;
  /** Empty: made of the work. */
  readonly title: string;
  /** Empty: a folder of the engine's own. */
  readonly folder: string;
  readonly priority: Priority;
  /** An empty text while the field is empty, which is no delay. */
  readonly delaySeconds: number | '';
  readonly env: readonly TypedVariable[];
}

export type EnqueueField = 'work' | 'target' | 'title' | 'folder' | 'priority' | 'delaySeconds' | 'env';
/** What is wrong, by field, as a sentence. */
export type EnqueueFaults = Partial<Readonly<Record<EnqueueField, string>>>;
/** What the engine is asked for. */
export type EnqueueInput = ApiInput<'enqueueTasks'>;

/** What stands in the form at first. */
export const emptyTask: EnqueueForm = {
  kind: 'command',
  script: '',
  prompt: '',
  target: null,
  title: '',
  folder: '',
  priority: 'normal',
  delaySeconds: '',
  env: [],
};

/** The task that a form describes, or what is wrong with it, by the contract's own rules. */
export function readTask(form: EnqueueForm): { readonly input: EnqueueInput | null; readonly faults: EnqueueFaults } {
  const input = inputOf(form);
  const parsed = taskEntries.enqueueTasks.input.safeParse(input);
  const faults: Partial<Record<EnqueueField, string>> = { ...variableFaults(form.env) };
  for (const { path, complaint } of parsed.success ? [] : invalidFields(parsed.error)) {
    const field = fieldOf(path.slice(2));
    if (field !== null) faults[field] ??= sentence(field, path, complaint);
  }
  if (form.target === null) faults.target = 'Choose an agent or a type of agents.';
  return { input: Object.keys(faults).length === 0 ? input : null, faults };
}

/** The fault that a refusal of the engine names; none when it is about no field of the form. */
export function refusedField({ field, message, remedy }: ApiError): EnqueueFaults {
  // The engine writes `tasks.0.folder`, the contract's check `tasks[0].folder`.
  const [list, , ...path] = (field ?? '').split(/[.[\]]+/).filter((part) => part !== '');
  const at = list === 'tasks' ? fieldOf(path) : null;
  // The field's own place says already which one it is.
  const what = message.startsWith(`${field}: `) ? message.slice(`${field}: `.length) : message;
  return at === null ? {} : { [at]: `${what} ${remedy}` };
}

function inputOf(form: EnqueueForm): EnqueueInput {
  const { kind, script, prompt, target, title, folder, priority, delaySeconds, env } = form;
  const [by = '', ...rest] = (target ?? '').split(':');
  const name = rest.join(':');
  return {
    tasks: [
      {
        agent: by === 'id' ? { id: name } : { type: name },
        work:
          kind === 'prompt'
            ? { kind: 'prompt', prompt: prompt.trim(), config: {} }
            : { kind: 'command', command: { kind: 'script', script: script.trim() } },
        priority,
        delayMs: delaySeconds === '' ? 0 : Math.round(delaySeconds * 1_000),
        env: Object.fromEntries(
          env
            .map(({ name: variable, value }) => [variable.trim(), value] as const)
            .filter(([variable]) => variable !== ''),
        ),
        ...(title.trim() === '' ? {} : { title: title.trim() }),
        ...(folder.trim() === '' ? {} : { folder: folder.trim() }),
      },
    ],
  };
}

const fieldNames: Readonly<Record<string, EnqueueField>> = {
  agent: 'target',
  work: 'work',
  title: 'title',
  folder: 'folder',
  priority: 'priority',
  delayMs: 'delaySeconds',
  env: 'env',
};

function fieldOf([name]: readonly PropertyKey[]): EnqueueField | null {
  return typeof name === 'string' && Object.hasOwn(fieldNames, name) ? (fieldNames[name] ?? null) : null;
}

/** "It must not be empty.", or of a variable: "API_TOKEN must not be stored, …". */
function sentence(field: EnqueueField, path: readonly PropertyKey[], complaint: string): string {
  const inside = field === 'env' ? path[3] : undefined;
  return `${inside === undefined ? 'It' : String(inside)} ${complaint}.`;
}

function variableFaults(env: readonly TypedVariable[]): EnqueueFaults {
  const names = env.map(({ name }) => name.trim());
  const repeated = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (repeated !== undefined) return { env: `${repeated} is named twice.` };
  if (env.some(({ name, value }) => name.trim() === '' && value !== '')) return { env: 'A value has no name.' };
  return {};
}
