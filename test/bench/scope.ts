/** What was opened for a group or a round and is closed after it, the last one first. */

export interface Scope {
  defer(close: () => unknown): void
}

export interface OpenScope extends Scope {
  close(): Promise<void>
}

export function createScope(): OpenScope {
  const steps: (() => unknown)[] = []
  let isClosed = false
  return {
    // What is opened too late, by work that was given up, is closed at once.
    defer: step => void (isClosed ? step() : steps.push(step)),
    close: async () => {
      isClosed = true
      for (let step = steps.pop(); step; step = steps.pop()) await step()
    },
  }
}

/** Closes all that the work opens, however it ends. */
export async function inScope<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
  const scope = createScope()
  try {
    return await work(scope)
  } finally {
    await scope.close()
  }
}

/** Opens something once for each scope, whoever needs it first. */
export function oncePerScope<T>(open: (scope: Scope) => Promise<T>): (scope: Scope) => Promise<T> {
  const opened = new WeakMap<Scope, Promise<T>>()
  return scope => {
    const known = opened.get(scope) ?? open(scope)
    opened.set(scope, known)
    return known
  }
}
