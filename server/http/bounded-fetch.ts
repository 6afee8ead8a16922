/** Asks another server for a document, within bounds of time and size. */

const timeoutMs = 5000
const maxBytes = 512 * 1024

async function readBytes(response: Response, url: string): Promise<Buffer<ArrayBuffer>> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of response.body ?? []) {
    bytes += piece.length
    if (bytes > maxBytes) throw new Error(`${url} answered more than ${maxBytes} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/**
 * As `fetch`, but the answer is there as a whole. Rejects with an Error that says why there is none. A redirection is none
 * either: nobody is sent to where they did not want to go.
 */
export async function boundedFetch(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
  const content = await readBytes(response, url)
  return new Response(content.length > 0 ? content : null, response)
}

/** Rejects with an Error that says why there is none. */
export async function fetchJson(url: URL): Promise<unknown> {
  const response = await boundedFetch(url.href, { headers: { accept: 'application/json' } })
  if (response.status !== 200) throw new Error(`${url.href} answered ${response.status}`)
  return response.json()
}
