/** The server's REST API as the bench uses it: kept connections, answers checked. */
import { Pool } from 'undici'

export interface Rest {
  /** Rejects when the status is not 2xx. */
  send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<string>
  close(): Promise<void>
}

export const restHeaders = { cookie: 'cookie', 'x-dispatch-org': 'dispatch', 'content-type': 'application/json' }

const maxConnections = 8

export function createRest(url: string, asking: Record<string, string> = restHeaders): Rest {
  // Requests that come one after the other all use the first connection.
  const client = new Pool(url, { connections: maxConnections, pipelining: 1 })
  return {
    send: async (method, path, body) => {
      const request = { method, path, headers: asking, ...(body !== undefined && { body: JSON.stringify(body) }) }
      const { statusCode, body: answer } = await client.request(request)
      const text = await answer.text()
      if (statusCode < 200 || statusCode > 299) throw new Error(`${method} ${path}: HTTP ${statusCode}: ${text}`)
      return text
    },
    close: () => client.destroy(),
  }
}

const readyDeadlineMs = 60_000

/** Asks without pause until the entity is READY: the time until then is measured. */
export async function reachReady(rest: Rest, path: string): Promise<void> {
  const endMs = performance.now() + readyDeadlineMs
  for (;;) {
    const text = await rest.send('GET', path)
    if (text.includes('"status":"READY"')) return
    if (text.includes('"status":"ERROR"')) throw new Error(`${path} is in ERROR: ${text}`)
    if (performance.now() > endMs) throw new Error(`${path} is not READY after ${readyDeadlineMs} ms: ${text}`)
  }
}

export const input = { name: 'Jon', place: 'Winterfell' }
export const greeting = 'Hello, Jon from Winterfell'
export const runPath = (functionName: string): string => `/v1/runs?functionName=${functionName}`

/** A blocking call of a function that greets. */
export async function greet(rest: Rest, functionName: string): Promise<void> {
  const text = await rest.send('POST', runPath(functionName), { blocking: true, input })
  if (!text.includes('"status":"READY"') || !text.includes(greeting)) throw new Error(`a call failed: ${text}`)
}

export const deleteFunction = (rest: Rest, name: string): Promise<string> => rest.send('DELETE', `/v1/function/${name}`)

export async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await work()
  return performance.now() - startMs
}
