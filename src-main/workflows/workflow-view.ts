import type { Path } from './fault.ts';

/** A map of a file, whatever it holds. */
export type Raw = Readonly<Record<string, unknown>>;

/** A stage of a file that may have faults; `name` is null when there is none to speak of. */
export interface StageView {
  readonly name: string | null;
  readonly path: Path;
  readonly raw: Raw;
  /** Whether the file has a map here, as it must. */
  readonly isMap: boolean;
  /** Names it needs, the one before it when the file names none. */
  readonly needs: readonly string[];
  /** Where each need is written; the stage itself for needs that are not written. */
  readonly needPath: (index: number) => Path;
}

/** What can be made out of a file's content, sound or not, so that every check can be made on its own. */
export interface WorkflowView {
  readonly inputs: Raw;
  readonly stages: readonly StageView[];
}

/** More stages than the contract allows are not looked at: their number is what is wrong. */
const maxStages = 1_000;

/** Reads what is there and skips what is not of the expected kind; complaining is for others. */
export function viewWorkflow(content: unknown): WorkflowView {
  const top = asMap(content);
  const { stages } = top;
  const entries: readonly (readonly [Path, unknown, unknown])[] = Array.isArray(stages)
    ? stages.map((stage, index) => [['stages', index], asMap(stage).name, stage])
    : Object.entries(asMap(stages)).map(([name, stage]) => [['stages', name], name, stage]);
  let before: string | null = null;
  const views: StageView[] = [];
  for (const [path, name, stage] of entries.slice(0, maxStages)) {
    const view = viewStage(path, typeof name === 'string' ? name : null, stage, before);
    views.push(view);
    before = view.name;
  }
  return { inputs: asMap(top.inputs), stages: views };
}

function viewStage(path: Path, name: string | null, stage: unknown, before: string | null): StageView {
  const raw = asMap(stage);
  const view = { name, path, raw, isMap: raw === stage };
  if (typeof raw.needs === 'string') {
    return { ...view, needs: [raw.needs], needPath: () => [...path, 'needs'] };
  }
  if (Array.isArray(raw.needs)) {
    const needs = raw.needs.map((need) => (typeof need === 'string' ? need : ''));
    return { ...view, needs, needPath: (index) => [...path, 'needs', index] };
  }
  return { ...view, needs: before === null ? [] : [before], needPath: () => path };
}

/** The value as a map; an empty one when it is something else. */
export function asMap(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

/** The value as a list; an empty one when it is something else. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
