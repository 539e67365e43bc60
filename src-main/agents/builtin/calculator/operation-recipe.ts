/** A call of an operation with the answer that it must give. */
export interface OperationExample {
  readonly values: readonly number[];
  readonly result: number;
}

/** A call that an operation must refuse, and a part of the message with which it does. */
export interface OperationRefusal {
  readonly values: readonly number[];
  readonly reason: string;
}

/**
 * All that is known about one operation of the calculator: its source, its tests and the words by which
 * requirements ask for it come from here, and the same examples judge an application later.
 */
export interface OperationRecipe {
  readonly name: string;
  /** What the operation answers, in words that follow "answers". */
  readonly summary: string;
  readonly parameters: readonly string[];
  /** Found in requirements that ask for the operation. */
  readonly mentions: RegExp;
  /** Conditions, in source text, under which the values are refused. */
  readonly guards: readonly { readonly condition: string; readonly reason: string }[];
  /** Statements, in source text, that end by returning the result. */
  readonly body: readonly string[];
  readonly examples: readonly OperationExample[];
  readonly refusals: readonly OperationRefusal[];
}
