import type { InputSpec } from '../contract/workflow.ts';
import { parseInputs } from '../core/inputs.ts';
import type { Fault, Path } from './fault.ts';
import { errorAt } from './fault.ts';
import { fileInputSchema } from './file-schema.ts';
import { toInputSpec } from './to-definition.ts';
import type { WorkflowView } from './workflow-view.ts';

type InputType = InputSpec['type'];

const texts: readonly InputType[] = ['string', 'text', 'list'];
/** Rules, and the types they are for. */
const rules: readonly (readonly [keyof InputSpec & string, readonly InputType[]])[] = [
  ['pattern', texts],
  ['minLength', texts],
  ['maxLength', texts],
  ['min', ['number', 'integer']],
  ['max', ['number', 'integer']],
  ['choices', [...texts, 'choice']],
];

/** Rules that cannot be met, do not belong to the type, or refuse the input's own default. Only inputs of sound shape. */
export function checkInputs(view: WorkflowView): readonly Fault[] {
  return Object.entries(view.inputs).flatMap(([name, raw]) => {
    const parsed = fileInputSchema.safeParse(raw);
    return parsed.success ? checkInput(['inputs', name], toInputSpec(name, parsed.data)) : [];
  });
}

function checkInput(path: Path, spec: InputSpec): readonly Fault[] {
  const faults = rules
    .filter(([rule, types]) => spec[rule] !== undefined && !types.includes(spec.type))
    .map(([rule, types]) => {
      const message = `"${rule}" is for inputs of the types ${types.join(', ')}, and this one is of the type ${spec.type}`;
      return errorAt([...path, rule], message, { atKey: true });
    });
  if (spec.type === 'choice' && spec.choices === undefined) {
    faults.push(errorAt(path, 'An input of the type choice must have choices', { atKey: true }));
  }
  if (spec.min !== undefined && spec.max !== undefined && spec.min > spec.max) {
    faults.push(errorAt([...path, 'min'], `min is ${spec.min}, but max is only ${spec.max}`));
  }
  if (spec.minLength !== undefined && spec.maxLength !== undefined && spec.minLength > spec.maxLength) {
    faults.push(
      errorAt([...path, 'minLength'], `minLength is ${spec.minLength}, but maxLength is only ${spec.maxLength}`),
    );
  }
  const pattern = patternFault(spec.pattern);
  if (pattern !== null) {
    return [...faults, errorAt([...path, 'pattern'], pattern)];
  }
  return faults.length > 0 ? faults : checkDefault(path, spec);
}

function checkDefault(path: Path, spec: InputSpec): readonly Fault[] {
  if (spec.default === undefined || spec.default === null) {
    return [];
  }
  const parsed = parseInputs([spec], { [spec.name]: spec.default });
  return parsed.ok ? [] : [errorAt([...path, 'default'], `The default of ${parsed.error.message}`)];
}

function patternFault(pattern: string | undefined): string | null {
  try {
    new RegExp(`^(?:${pattern ?? ''})$`, 'u');
    return null;
  } catch (error) {
    return `pattern is not a regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
}
