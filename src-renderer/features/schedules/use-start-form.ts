import { useState } from 'react';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { InputSpec } from '../../../src-main/contract/workflow.ts';
import { useEntry } from '../../api/use-entry.ts';
import { targetsFor } from '../queue/enqueue-targets.ts';
import type { EnqueueFormState } from '../queue/use-enqueue-form.ts';
import { useEnqueueForm } from '../queue/use-enqueue-form.ts';
import type { FieldValue, FieldValues } from '../workflows/run-values.ts';
import { faultsOf, fieldFault, initialValues, inputsOf } from '../workflows/run-values.ts';
import type { RunPlace, Start } from './schedule-start.ts';
import { runOf, taskFormOf, taskStart } from './schedule-start.ts';

/** The run that a schedule starts, as it is being typed. */
export interface RunStartState {
  readonly workflow: string | null;
  readonly workflowFault: string | null;
  /** Why the workflow's inputs cannot be shown; null when they can. */
  readonly error: ApiError | null;
  /** Whether the workflow is being read. */
  readonly isLoading: boolean;
  readonly specs: readonly InputSpec[];
  readonly values: FieldValues;
  readonly place: RunPlace;
  readonly folderFault: string | null;
  readonly choose: (workflow: string | null) => void;
  readonly set: (name: string, value: FieldValue) => void;
  readonly leave: (name: string) => void;
  readonly setPlace: (place: Partial<RunPlace>) => void;
  readonly faultOf: (spec: InputSpec) => string | null;
}

/** What a schedule starts, as it is being typed. */
export interface StartFormState {
  readonly kind: Start['kind'];
  readonly setKind: (kind: Start['kind']) => void;
  readonly run: RunStartState;
  readonly task: EnqueueFormState;
  /** Shows everything that is wrong. @returns what is started, null when something is wrong. */
  readonly read: () => unknown;
  /** Shows a refusal at its field. @returns whether there is such a field. */
  readonly refuse: (error: ApiError) => boolean;
}

/** What a schedule starts: a run with the inputs of its workflow, or a task. */
export function useStartForm(stored: Start | undefined): StartFormState {
  const [kind, setKind] = useState<Start['kind']>(stored?.kind ?? 'run');
  const agents = useEntry('listAgents', {}).data?.agents ?? [];
  const task = useEnqueueForm((of) => targetsFor(of, agents), taskFormOf(stored));
  const { read: readRun, refuse: refuseRun, ...run } = useRunStart(stored);
  return {
    kind,
    setKind,
    run,
    task,
    read: () => {
      if (kind === 'run') return readRun();
      const typed = task.read()?.tasks[0];
      return typed === undefined ? null : taskStart(typed, stored);
    },
    refuse: (error) => {
      const field = error.field ?? '';
      if (!field.startsWith('start.')) return false;
      if (kind === 'run') return refuseRun(error, field.replace(/^start\.(inputs\.)?/, ''));
      return task.refuse({ ...error, field: field.replace(/^start\.task/, 'tasks.0') });
    },
  };
}

function useRunStart(stored: Start | undefined) {
  const before = runOf(stored);
  const [workflow, setWorkflow] = useState(before?.workflow ?? null);
  const [typed, setTyped] = useState<FieldValues>({});
  const [told, setTold] = useState<ReadonlySet<string>>(new Set());
  const [isTried, setTried] = useState(false);
  const [place, setPlace] = useState<RunPlace>({
    folder: before?.folder ?? '',
    priority: before?.priority ?? 'normal',
  });
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
  const { data, error } = useEntry('getWorkflow', { workflow: workflow ?? '' }, { enabled: workflow !== null });
  const specs = data?.definition?.inputs ?? [];
  const given = workflow === before?.workflow ? before?.inputs : undefined;
  const values = { ...initialValues(specs, given), ...typed };
  const isReady = workflow !== null && data?.definition != null;
  const forget = (name: string) => setRefused(({ [name]: _, ...rest }) => rest);

  return {
    workflow,
    workflowFault: refused.workflow ?? (isTried && workflow === null ? 'Choose a workflow.' : null),
    error: error ?? (data !== undefined && data.definition === null ? brokenWorkflow(data.path) : null),
    isLoading: workflow !== null && data === undefined && error === null,
    specs,
    values,
    place,
    folderFault: refused.folder ?? null,
    choose: (next: string | null) => {
      setWorkflow(next);
      setTyped({});
      setTold(new Set());
      setRefused({});
    },
    set: (name: string, value: FieldValue) => {
      setTyped((all) => ({ ...all, [name]: value }));
      forget(name);
    },
    leave: (name: string) => setTold((all) => new Set(all).add(name)),
    setPlace: (next: Partial<RunPlace>) => {
      setPlace((all) => ({ ...all, ...next }));
      forget('folder');
    },
    faultOf: (spec: InputSpec) =>
      refused[spec.name] ?? (isTried || told.has(spec.name) ? fieldFault(spec, values[spec.name] ?? '') : null),
    read: () => {
      setTried(true);
      if (!isReady || Object.keys(faultsOf(specs, values)).length > 0) return null;
      const folder = place.folder.trim();
      return {
        kind: 'run',
        workflow,
        inputs: inputsOf(specs, values),
        priority: place.priority,
        ...(folder === '' ? {} : { folder }),
      };
    },
    refuse: ({ message, remedy }: ApiError, name: string) => {
      const isKnown = name === 'workflow' || name === 'folder' || specs.some((spec) => spec.name === name);
      setRefused(isKnown ? { [name]: `${message} ${remedy}` } : {});
      return isKnown;
    },
  };
}

function brokenWorkflow(path: string): ApiError {
  return {
    type: 'invalidInput',
    message: `The workflow file ${path} has errors.`,
    remedy: 'Correct the file; then it can be started.',
  };
}
