import type { ApiClient, ApiInput, ApiName, ApiOutput } from '../contract/api.ts';
import { apiNames } from '../contract/api-names.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import type { ServedApi } from './serve-api.ts';

/** Calls one entry over some wire. The answer is already checked against the entry's output. */
export type ApiCall = <N extends ApiName>(name: N, input: ApiInput<N>) => Promise<Result<ApiOutput<N>, ApiError>>;

/** One method per entry of the contract, all of them the same call. */
export function createApiClient(call: ApiCall): ApiClient {
  const methods = apiNames.map((name) => [name, (input: ApiInput<typeof name>) => call(name, input)] as const);
  return Object.freeze(Object.fromEntries(methods)) as unknown as ApiClient;
}

/** The entries of an engine that is served in this process, with their types. */
export function clientOf(served: Pick<ServedApi, 'call'>): ApiClient {
  return createApiClient(
    <N extends ApiName>(name: N, input: unknown) => served.call(name, input) as Promise<Result<ApiOutput<N>, ApiError>>,
  );
}
