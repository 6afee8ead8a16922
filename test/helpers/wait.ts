/** Waits for conditions: no test sleeps for a guessed time. */

const pauseMs = 5

/** Resolves with the first value of `probe` that is not undefined or false; rejects after `deadlineMs`. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  deadlineMs = 120_000,
): Promise<T> {
  const endMs = Date.now() + deadlineMs
  for (;;) {
    const value = await probe()
    if (value !== undefined && value !== false) return value
    if (Date.now() > endMs) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await new Promise(resolve => {
      setTimeout(resolve, pauseMs)
    })
  }
}
