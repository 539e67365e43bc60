import { useMemo } from 'react';
import type { Question } from '../inbox/questions.ts';
import { useOpenQuestions } from '../inbox/use-questions.ts';

/** What waits for a person in a run now, the oldest first. */
export function useAsked(runId: string): readonly Question[] {
  const { questions } = useOpenQuestions();
  return useMemo(() => questions.filter((question) => askedIn(question).runId === runId), [questions, runId]);
}

/** The run and the stage that a question came up in. */
export function askedIn(question: Question): { readonly runId: string | null; readonly stage: string | null } {
  return question.kind === 'approval' ? question.approval : question.permission;
}
