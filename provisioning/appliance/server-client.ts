/** The Dispatch server as the agent sees it: over its local socket, where root needs no credentials. */
import { ask } from './ask.ts'

export interface ServerReply {
  readonly status: number
  readonly body: unknown
}

export interface ServerClient {
  /** Whose the request is: without `organization` that of what is nobody's. Rejects when the server cannot be reached or does not answer in time. */
  send(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown, organization?: string): Promise<ServerReply>
}

const timeoutMs = 30_000

const parseBody = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export function createServerClient(socketPath: string): ServerClient {
  return {
    async send(method, path, body, organization = 'dispatch') {
      const headers = { 'X-Dispatch-Org': organization }
      const { status, text } = await ask({ socketPath, method, path, body, headers, timeoutMs })
      return { status, body: parseBody(text) }
    },
  }
}

/** The sentence of an answer that is an error. */
export const messageIn = ({ status, body }: ServerReply): string =>
  typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string'
    ? body.message
    : `the server answered ${status}`
