/** The change feed of a store: tells listeners, in commit order, which entity was written. */
import type { Change } from './port.ts'

type Listener = (change: Change) => void

export interface Feed {
  emit(change: Change): void
  /** Returns the function that stops the listener. */
  subscribe(listener: Listener): () => void
}

export function createFeed(): Feed {
  const subscriptions = new Set<{ listener: Listener }>()
  return {
    emit(change) {
      for (const { listener } of [...subscriptions]) callApart(listener, change)
    },
    subscribe(listener) {
      const subscription = { listener }
      subscriptions.add(subscription)
      return () => {
        subscriptions.delete(subscription)
      }
    },
  }
}

/** A listener that throws is a defect: it must neither fail the write nor keep others from hearing of it, nor go unseen. */
function callApart(listener: Listener, change: Change): void {
  try {
    listener(change)
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown
    })
  }
}
