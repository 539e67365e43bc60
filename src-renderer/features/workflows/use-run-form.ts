import { useRef, useState } from 'react';
import type { ApiInput, ApiOutput } from '../../../src-main/contract/api.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { Priority } from '../../../src-main/contract/states.ts';
import type { InputSpec } from '../../../src-main/contract/workflow.ts';
import { useApi } from '../../api/client.tsx';
import { useCommand } from '../../api/use-command.ts';
import type { FieldValue, FieldValues } from './run-values.ts';
import { faultsOf, fieldFault, initialValues, inputsOf } from './run-values.ts';

type Run = ApiOutput<'startRun'>;

export interface RunFormParts {
  /** Name or path of the workflow. */
  readonly workflow: string;
  readonly specs: readonly InputSpec[];
  /** Folder of the project that brings it; null: none does. */
  readonly project: string | null;
  readonly onStarted: (run: Run) => void;
}

/** The state of a run form: what was typed, what is wrong with it, and what would come of it. */
export function useRunForm({ workflow, specs, project, onStarted }: RunFormParts) {
  const api = useApi();
  const start = useCommand('startRun', { isQuiet: true });
  const [values, setValues] = useState<FieldValues>(() => initialValues(specs));
  const [told, setTold] = useState<ReadonlySet<string>>(new Set());
  const [folder, setFolder] = useState(project ?? '');
  const [priority, setPriority] = useState<Priority>('normal');
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const [plan, setPlan] = useState<ApiOutput<'planRun'> | null>(null);
  const request = useRef({ of: '', id: '' });

  const refused = refusal?.field?.replace(/^inputs\./, '') ?? null;
  const input = (): ApiInput<'planRun'> => ({
    workflow,
    inputs: inputsOf(specs, values),
    ...(folder.trim() === '' ? {} : { folder: folder.trim() }),
  });

  /** Whether all fields look right; those that do not say why from now on. */
  function check(): boolean {
    setTold(new Set(specs.map(({ name }) => name)));
    return Object.keys(faultsOf(specs, values)).length === 0;
  }

  return {
    values,
    folder,
    priority,
    plan,
    isStarting: start.isRunning,
    setPriority,
    setFolder(next: string) {
      setFolder(next);
      setRefusal(null);
    },
    set(name: string, value: FieldValue) {
      setValues((before) => ({ ...before, [name]: value }));
      if (refused === name) setRefusal(null);
    },
    leave: (name: string) => setTold((before) => new Set(before).add(name)),
    /** What to say below a field: what the engine said of it, or what is obviously wrong once the field was left. */
    faultOf(spec: InputSpec): string | null {
      if (refusal !== null && refused === spec.name) return `${refusal.message.replace(/\.$/, '')}. ${refusal.remedy}`;
      return told.has(spec.name) ? fieldFault(spec, values[spec.name] ?? '') : null;
    },
    folderFault: refused === 'folder' && refusal !== null ? `${refusal.message} ${refusal.remedy}` : null,
    /** A refusal that is about no field of this form; null when there is none. */
    refusal: refused === 'folder' || specs.some(({ name }) => name === refused) ? null : refusal,
    /** Says what the run would do; changes nothing, so that it may be asked with faults in the form. */
    async dryRun() {
      check();
      const answer = await api.planRun(input());
      setPlan(answer.ok ? answer.value : { stages: [], refusal: answer.error });
    },
    async submit() {
      setPlan(null);
      if (!check()) return;
      const asked = { ...input(), priority };
      // The same question again, because its answer was lost, is the same request: it starts no second run.
      const of = JSON.stringify(asked);
      if (request.current.of !== of) request.current = { of, id: crypto.randomUUID() };
      const answer = await start.run({ ...asked, requestId: request.current.id });
      setRefusal(answer.ok ? null : answer.error);
      if (answer.ok) onStarted(answer.value);
    },
  };
}
