/** An event that a listener may prevent. */
export interface Preventable {
  preventDefault(): void;
  readonly defaultPrevented: boolean;
}

export function preventable<T extends object>(fields: T = {} as T): Preventable & T {
  let isPrevented = false;
  return Object.defineProperty(
    {
      ...fields,
      preventDefault: () => {
        isPrevented = true;
      },
    } as Preventable & T,
    'defaultPrevented',
    { get: () => isPrevented },
  );
}
