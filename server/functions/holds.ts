/** Who still uses what: a version that a call found a moment ago is not cleared away before the call has ended. */
export interface Holds {
  /** Returns the function that lets go; calling it twice does nothing more. */
  hold(id: string): () => void
  isHeld(id: string): boolean
  /** Resolves once nobody holds it. */
  released(id: string): Promise<void>
}

interface Held {
  count: number
  end: PromiseWithResolvers<void>
}

export function createHolds(): Holds {
  const held = new Map<string, Held>()

  function letGo(id: string, entry: Held): void {
    entry.count -= 1
    if (entry.count > 0) return
    held.delete(id)
    entry.end.resolve()
  }

  return {
    hold: id => {
      const entry = held.get(id) ?? { count: 0, end: Promise.withResolvers<void>() }
      held.set(id, entry)
      entry.count += 1
      let isOver = false
      return () => {
        if (!isOver) letGo(id, entry)
        isOver = true
      }
    },
    isHeld: id => held.has(id),
    released: async id => held.get(id)?.end.promise,
  }
}
