/** The prompt for an agent that does not know Signalbox: with a paragraph about the required outputs, if there are any. */
export function promptText(prompt: string, requiredOutputs: readonly string[], outputFile: string): string {
  if (requiredOutputs.length === 0) return prompt;
  const keys = requiredOutputs.map((name) => JSON.stringify(name)).join(', ');
  return [
    prompt,
    '',
    `When you are done, write your results as one JSON object, in UTF-8, to the file ${outputFile} (outside of the working folder; create or replace it).`,
    `The object must have ${requiredOutputs.length === 1 ? 'the key' : 'the keys'} ${keys}. Write nothing else into that file.`,
  ].join('\n');
}
