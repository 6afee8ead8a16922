/** Reads a JSON document of another server, within bounds of time and size. */

const timeoutMs = 5000
const maxBytes = 512 * 1024

/** Rejects with an Error that says why there is none. A redirection is none either: nobody is sent to where they did not want to go. */
export async function fetchJson(url: URL): Promise<unknown> {
  const headers = { accept: 'application/json' }
  const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`${url.href} answered ${response.status}`)
  }
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of response.body ?? []) {
    bytes += piece.length
    if (bytes > maxBytes) throw new Error(`${url.href} answered more than ${maxBytes} bytes`)
    pieces.push(piece)
  }
  return JSON.parse(Buffer.concat(pieces).toString())
}
