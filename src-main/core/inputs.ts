import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Json, JsonObject } from '../contract/values.ts';
import type { InputSpec } from '../contract/workflow.ts';
import { convertInput } from './input-types.ts';
import { nearestName } from './nearest-name.ts';

/**
 * Fills in defaults, converts what came as text from a command line, and checks every rule of every input. The first
 * fault is refused with its field (`inputs.name`), what is wrong and the remedy; unknown inputs come first, because a
 * misspelt name is also a missing one. An input that is not required and has no value is null in the result, so that
 * expressions can name it. Whether folders and files exist is for the caller to check, see {@link pathInputs}.
 */
export function parseInputs(
  specs: readonly InputSpec[],
  given: Readonly<Record<string, Json>>,
): Result<JsonObject, ApiError> {
  const names = specs.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    return refuseUnknown(unknown, names);
  }
  const inputs: [string, Json][] = [];
  for (const spec of specs) {
    const value = parseInput(spec, Object.hasOwn(given, spec.name) ? given[spec.name] : undefined);
    if (!value.ok) {
      return value;
    }
    inputs.push([spec.name, value.value]);
  }
  return ok(Object.fromEntries(inputs));
}

/** The inputs that name a folder or a file, for the caller to check on disk. Inputs without a value are left out. */
export function pathInputs(
  specs: readonly InputSpec[],
  inputs: JsonObject,
): readonly { readonly name: string; readonly type: 'folder' | 'file'; readonly path: string }[] {
  return specs.flatMap(({ name, type }) => {
    const path = inputs[name];
    return (type === 'folder' || type === 'file') && typeof path === 'string' ? [{ name, type, path }] : [];
  });
}

function parseInput(spec: InputSpec, given: Json | undefined): Result<Json, ApiError> {
  const field = `inputs.${spec.name}`;
  const remedy = spec.description === undefined ? `Give ${spec.name}` : `Give ${spec.name}: ${spec.description}`;
  const isBlank = typeof given === 'string' && given.trim() === '';
  if (isBlank && spec.required) {
    return refuse('invalidInput', `${spec.name} cannot be empty`, remedy, { field });
  }
  if (isBlank && (spec.type === 'string' || spec.type === 'text')) {
    return ok(given);
  }
  // A blank field of a form means "no value"; only where text is asked for it is a value, the empty one.
  const value = given === undefined || given === null || isBlank ? spec.default : given;
  if (value === undefined || value === null) {
    return spec.required ? refuse('invalidInput', `${spec.name} is missing`, remedy, { field }) : ok(null);
  }
  const converted = convertInput(spec, value);
  return converted.ok
    ? converted
    : err<ApiError>({
        type: 'invalidInput',
        message: `${spec.name} ${converted.error.message}`,
        remedy: converted.error.remedy,
        field,
      });
}

function refuseUnknown(name: string, names: readonly string[]): Result<never, ApiError> {
  const nearest = nearestName(name, names);
  const known = names.length === 0 ? 'This workflow takes no inputs' : `Its inputs are ${names.join(', ')}`;
  return refuse(
    'invalidInput',
    `The workflow has no input ${name}`,
    nearest === null ? known : `Did you mean ${nearest}? ${known}`,
    { field: `inputs.${name}` },
  );
}
