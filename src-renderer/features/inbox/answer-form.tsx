import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import classes from './inbox.module.css';
import type { Answer, Question } from './questions.ts';
import { answersOf } from './questions.ts';
import type { GiveAnswer } from './use-questions.ts';

export interface AnswerFormProps {
  readonly question: Question;
  readonly giveAnswer: GiveAnswer;
}

/** A question's answers as buttons, the comment kept with it, and whether it holds from now on. */
export function AnswerForm({ question, giveAnswer }: AnswerFormProps) {
  const [comment, setComment] = useState('');
  const [always, setAlways] = useState(false);
  const [given, setGiven] = useState<string | null>(null);

  async function give(answer: Answer) {
    setGiven(answer.id);
    const isTaken = await giveAnswer(question, { answer, comment, always });
    // A taken answer removes the question with the event that follows.
    if (!isTaken) setGiven(null);
  }

  return (
    <div className={classes.answers}>
      {answersOf(question).map((answer) => (
        <Button
          key={answer.id}
          variant={answer.allows ? 'filled' : 'default'}
          loading={given === answer.id}
          disabled={given !== null && given !== answer.id}
          onClick={() => void give(answer)}
        >
          {answer.label}
        </Button>
      ))}
      <TextInput
        className={classes.comment}
        aria-label="Comment, kept with the answer"
        placeholder="Comment, kept with the answer"
        value={comment}
        maxLength={10_000}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      {question.kind === 'permission' && (
        <Checkbox
          label={`Always, for ${question.permission.agentId} and ${question.permission.tool}`}
          checked={always}
          onChange={(event) => setAlways(event.currentTarget.checked)}
        />
      )}
    </div>
  );
}
