/** An issuer of tokens on a loopback port: its discovery document, its keys, and tokens signed by them. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import type { ExecutionContext } from 'ava'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

export interface Issuer {
  url: string
  /** How often its keys were asked for. */
  reads: number
  /** What it answers instead of its documents. */
  broken: { status: number; body: string } | undefined
  /** Members of the discovery document that are not as they should be. */
  claims: object
  /** What it gives for the code of a login; without it, its discovery document. */
  exchange: ((form: URLSearchParams) => Promise<object>) | undefined
  /** Signs by another key from now on; the ones before are not published any more. */
  rotate(): Promise<void>
  /** For the audience `shop` and the subject `jon`, valid for five minutes from `nowMs`, unless told otherwise. */
  sign(claims?: Record<string, unknown>, header?: { alg?: string; kid?: string }): Promise<string>
}

/** Its address. */
export async function listenOnLoopback(t: ExecutionContext, server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

export async function openIssuer(t: ExecutionContext, nowMs: () => number, alg = 'ES256'): Promise<Issuer> {
  let keys: { kid: string; privateKey: CryptoKey; jwk: JWK } | undefined
  const rotate = async () => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
    const kid = `key-${issuer.reads}-${Math.random()}`
    keys = { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } }
  }
  const find = async (request: IncomingMessage): Promise<object> => {
    if (request.url === '/token' && issuer.exchange) return issuer.exchange(new URLSearchParams(await text(request)))
    if (request.url !== '/keys') return { issuer: issuer.url, jwks_uri: `${issuer.url}/keys`, ...issuer.claims }
    issuer.reads += 1
    return { keys: keys ? [keys.jwk] : [] }
  }
  const server = createServer(async (request, response) => {
    const document = await find(request)
    const { status, body } = issuer.broken ?? { status: 200, body: JSON.stringify(document) }
    response.writeHead(status, { 'content-type': 'application/json', location: '/keys' }).end(body)
  })
  const issuer: Issuer = {
    url: await listenOnLoopback(t, server),
    reads: 0,
    broken: undefined,
    claims: {},
    exchange: undefined,
    rotate,
    sign: async (claims = {}, header = {}) => {
      if (!keys) throw new Error('the issuer has no key')
      const now = Math.floor(nowMs() / 1000)
      const common = { iss: issuer.url, aud: 'shop', sub: 'jon', exp: now + 300 }
      return new SignJWT({ ...common, ...claims })
        .setProtectedHeader({ alg, kid: keys.kid, ...header })
        .sign(keys.privateKey)
    },
  }
  await rotate()
  return issuer
}
