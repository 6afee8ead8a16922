/** Owns how requests travel to Docker: one connection each way, no redirects, and an end to every request. */
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { pipeline, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'

/** What the client says of a request, beside Node's options. */
interface Expected {
  isStream?: boolean
  /** True for what is wanted, a text for what is known to go wrong. */
  statusCodes: Record<number, string | boolean>
}

type Body = string | Buffer | Readable | undefined

type Callback = (failure: unknown, answer: unknown) => void

/**
 * Takes the place of the client's own way to send requests. That one follows redirects wherever they lead without listening for
 * the errors there, which ends the process, and waits for ever for the rest of an answer that breaks off. Throws when the client
 * does not send its requests in the way that this relies on.
 */
export function replaceTransport(modem: object): void {
  if (typeof Reflect.get(modem, 'buildRequest') !== 'function') {
    throw new Error(
      'this version of dockerode sends its requests in an unknown way: use the version that the server was built with',
    )
  }
  const request = Reflect.get(modem, 'protocol') === 'https' ? requestHttps : requestHttp
  const send = (options: RequestOptions, expected: Expected, body: Body, callback: Callback): void => {
    exchange(() => request(options), body)
      .then(response => readAnswer(response, expected))
      .then(
        answer => callback(null, answer),
        thrown => callback(thrown, null),
      )
  }
  Reflect.set(modem, 'buildRequest', send)
}

function exchange(open: () => ReturnType<typeof requestHttp>, body: Body): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = open()
    request.on('response', resolve)
    // Stays for as long as the request: an error that comes after the answer is seen by whoever reads that.
    request.on('error', reject)
    if (!(body instanceof Readable)) request.end(body)
    // An answer may come before all is sent: then nobody reads the rest.
    else pipeline(body, request, failure => failure && reject(failure))
  })
}

async function readAnswer(response: IncomingMessage, { isStream, statusCodes }: Expected): Promise<unknown> {
  const { statusCode = 0 } = response
  if (statusCodes[statusCode] === true) return isStream ? response : parseBody(await buffer(response))
  const body = parseBody(await buffer(response))
  const json = Buffer.isBuffer(body) ? body.toString() : body
  throw Object.assign(new Error(`${statusCodes[statusCode] ?? 'unexpected answer'} (HTTP ${statusCode})`), {
    statusCode,
    json,
  })
}

/** What is no JSON stays as it came: the log of a container is not text alone. */
function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return body
  }
}
