/** Puts text on the clipboard. @returns whether that was possible. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** The way for pages that the browser denies its clipboard, such as those opened over plain HTTP. */
function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  // Deprecated, and the only way that is left here.
  const isDone = document.execCommand('copy');
  field.remove();
  return isDone;
}
