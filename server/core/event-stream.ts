/** What streams of server-sent events have in common. */

/** Sent first, so that the reader sees the answer's header at once; a reader that is cut off comes back after so long. */
export const greeting = 'retry: 1000\n\n'
/** Keeps the connection open through whatever ends idle ones, and shows when the reader has gone. */
export const heartbeat = ':\n\n'

/** `leave` is called however the reading ends: a generator that waits for its next piece could not be told to return. */
export function toEventStream(pieces: AsyncGenerator<string>, leave: () => void): AsyncIterable<string> {
  async function* greeted(): AsyncGenerator<string> {
    try {
      yield greeting
      yield* pieces
    } finally {
      leave()
    }
  }
  const iterator = greeted()
  const end = (): Promise<IteratorResult<string>> => {
    leave()
    return iterator.return(undefined)
  }
  return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next(), return: end, throw: end }) }
}
