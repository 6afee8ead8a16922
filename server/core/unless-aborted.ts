/** Leaves work that nobody needs any more to itself. */

/** Settles as the work does; rejects with the reason of the signal as soon as that aborts, though the work goes on. */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  return await Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', abort))
}
