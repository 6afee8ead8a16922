/** What is read from the store when first asked for, and again after a change of it. */

export interface Remembered<Value> {
  /** Without a promise where it is known. One reading serves all who wait for it; a failed one is not kept. */
  current(): Value | Promise<Value>
  /** What is known without reading; undefined: nothing. */
  known(): Value | undefined
  /** From then on nothing of before counts: what is being read meanwhile is not kept either. */
  forget(): void
}

/** `first` was read already. */
export function createRemembered<Value>(read: () => Promise<Value>, first?: { value: Value }): Remembered<Value> {
  let known = first
  let reading: Promise<Value> | undefined

  const readOnce = (): Promise<Value> => {
    if (reading) return reading
    const begun = read()
    reading = begun
    begun.then(
      value => {
        if (reading === begun) known = { value }
      },
      () => {
        if (reading === begun) reading = undefined
      },
    )
    return begun
  }

  return {
    current: () => (known ? known.value : readOnce()),
    known: () => known?.value,
    forget: () => {
      known = undefined
      reading = undefined
    },
  }
}
