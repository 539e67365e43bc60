import { useMutation } from '@tanstack/react-query';
import type { ApiInput, ApiOutput } from '../../src-main/contract/api.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Result } from '../../src-main/contract/result.ts';
import { notifyError } from '../ui/notify.tsx';
import { useConnection } from './client.tsx';
import type { ChangeName } from './entry-nouns.ts';

export interface CommandOptions {
  /** True: the caller shows a refusal itself (beside the field, say), and no notice appears. */
  readonly isQuiet?: boolean;
}

export interface Command<N extends ChangeName> {
  /** Asks for the change and resolves when it is committed or refused. The view changes by the event that follows. */
  readonly run: (input: ApiInput<N>) => Promise<Result<ApiOutput<N>, ApiError>>;
  /** Whether an answer is awaited. */
  readonly isRunning: boolean;
}

/** A change to ask for. A refusal is shown as a notice with its remedy; nothing is shown before it is true. */
export function useCommand<N extends ChangeName>(name: N, { isQuiet = false }: CommandOptions = {}): Command<N> {
  const { link } = useConnection();
  const mutation = useMutation({
    mutationFn: async (input: ApiInput<N>): Promise<Result<ApiOutput<N>, ApiError>> => {
      const result: Result<ApiOutput<N>, ApiError> = await link.call(name, input);
      if (!result.ok && !isQuiet) notifyError(result.error);
      return result;
    },
  });
  return { run: mutation.mutateAsync, isRunning: mutation.isPending };
}
