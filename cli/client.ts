/** Owns the conversation with a Dispatch server: paths, headers, and what its answers mean. */
import { resolve } from 'node:path'
import type { Settings } from './config/settings.ts'
import { ApiFailure, Failure } from './failure.ts'
import { isJsonObject, isNumber, type Json, parseJson, renderJson, textOf } from './format/json.ts'
import { createCredentials } from './http/credentials.ts'
import type { HttpRequest } from './http/exchange.ts'
import { localOrigin, renderHost } from './http/host.ts'
import { createTransport, type HttpResponse } from './http/transport.ts'
import type { Io } from './io.ts'
import { version } from './version.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Segments behind the root, each still unencoded. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Json
  /** Neither credentials nor organization are sent. */
  readonly anonymous?: true
  /** An answer that leads elsewhere is not followed. */
  readonly stays?: true
}

export interface Inspection {
  readonly status: number
  readonly text: string
  /** When the server wrote it, by its own clock. */
  readonly date: Date | undefined
}

export interface ApiClient {
  /** Where the server is, for a person. */
  readonly place: string
  /** The answer's JSON, null for an empty body. Throws ApiFailure for an error object, Failure otherwise. */
  request(request: ApiRequest): Promise<Json>
  /** Whatever the server answers; rejects only when it does not. */
  inspect(request: ApiRequest): Promise<Inspection>
  /** A successful answer as it comes; throws as `request` does for any other. Its reading ends with an error when it is cut. */
  stream(request: ApiRequest): Promise<AsyncIterable<Buffer>>
  /** A file from anywhere; carries no credentials. */
  download(url: string): Promise<Buffer>
  close(): void
}

export interface ClientOptions {
  readonly settings: Settings
  readonly io: Io
  readonly timeoutMs: number
}

const baseOf = ({ scheme, host, port, socket }: Settings): string =>
  socket ? localOrigin : `${scheme}://${renderHost(host)}:${port}`

function renderUrl(settings: Settings, { path, query }: ApiRequest): string {
  const segments = path.map(segment => {
    if (segment === '') throw new Failure('a name must not be empty')
    return encodeURIComponent(segment)
  })
  const search = new URLSearchParams(query).toString()
  return `${baseOf(settings)}/${segments.join('/')}${search && `?${search}`}`
}

interface Exchange<T> {
  /** Behind the address, for who wonders why it is that one. */
  readonly origin?: string
  send(call: HttpRequest): Promise<T>
}

async function exchange<T>(call: HttpRequest, { origin = '', send }: Exchange<T>): Promise<T> {
  try {
    return await send(call)
  } catch (thrown) {
    const verb = call.method.slice(0, 1) + call.method.slice(1).toLowerCase()
    const cause = thrown instanceof Error ? thrown.message : String(thrown)
    throw new Failure(`unexpected error received from server: ${verb} ${JSON.stringify(call.url)}${origin}: ${cause}`)
  }
}

const unexpected = ({ status, body }: HttpResponse) => {
  const firstLine = body.toString('utf8').trim().split('\n')[0] ?? ''
  return new Failure(`unexpected error received from server: HTTP ${status}: ${firstLine}`)
}

/** Any 2xx is a success; the code shown for a failure is the body's. */
function interpret(response: HttpResponse): Json {
  const succeeded = response.status >= 200 && response.status < 300
  const text = response.body.toString('utf8')
  if (text.trim() === '') {
    if (succeeded) return null
    throw new ApiFailure('0', '')
  }
  let value: Json
  try {
    value = parseJson(text)
  } catch {
    throw unexpected(response)
  }
  if (succeeded) return value
  if (!isJsonObject(value)) throw unexpected(response)
  throw new ApiFailure(isNumber(value.code) ? value.code.value : '0', textOf(value.message))
}

const userAgent = `dispatch-cli/${version}`

export function createClient({ settings, io, timeoutMs }: ClientOptions): ApiClient {
  const { insecure, socket, hostOrigin } = settings
  const origin = socket || hostOrigin === '' ? '' : ` (from ${hostOrigin})`
  const transport = createTransport({ insecure, timeoutMs, io, socketPath: socket && resolve(io.cwd, socket.path) })
  /** Who may open the socket needs none: a key of the context that is lost must not be in the way there. */
  const credentials = async () => (socket ? { Cookie: 'unset' } : createCredentials(settings, io))
  let who: ReturnType<typeof credentials> | undefined
  const identify = async () => {
    who ??= credentials()
    return { ...(await who), 'X-Dispatch-Org': settings.organization }
  }
  const send = async (call: ApiRequest): Promise<HttpResponse> => {
    const url = renderUrl(settings, call)
    const headers = {
      Accept: 'application/json',
      'Accept-Encoding': 'gzip',
      'User-Agent': userAgent,
      ...(call.anonymous ? {} : await identify()),
      ...(call.method === 'GET' ? {} : { 'Content-Type': 'application/json' }),
    }
    const body = call.body === undefined ? {} : { body: renderJson(call.body) }
    const request = { method: call.method, url, headers, ...body, stays: call.stays === true }
    return exchange(request, { send: transport.send, origin })
  }
  return {
    place: socket ? `local socket ${socket.path}` : baseOf(settings),
    close: () => transport.close(),
    request: async call => interpret(await send(call)),
    async inspect(call) {
      const { status, body, date } = await send(call)
      return { status, text: body.toString('utf8'), date: date === undefined ? undefined : new Date(date) }
    },
    async stream(call) {
      const url = renderUrl(settings, call)
      const headers = { Accept: 'text/event-stream', 'User-Agent': userAgent, ...(await identify()) }
      const { status, chunks } = await exchange({ method: call.method, url, headers }, { send: transport.open, origin })
      if (status === 200) return chunks
      const refusal: Buffer[] = []
      for await (const chunk of chunks) refusal.push(chunk)
      const response = { status, body: Buffer.concat(refusal) }
      interpret(response)
      throw unexpected(response)
    },
    async download(url) {
      const headers = { 'Accept-Encoding': 'gzip', 'User-Agent': userAgent }
      const response = await exchange({ method: 'GET', url, headers }, { send: transport.send })
      if (response.status >= 300) throw new Failure(`Error reading ${url}: HTTP ${response.status}`)
      return response.body
    },
  }
}
