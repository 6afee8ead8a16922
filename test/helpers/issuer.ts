/** An issuer of tokens on a loopback port: its discovery document, its keys, and tokens signed by them. */
import { createServer } from 'node:http'
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
  /** Signs by another key from now on; the ones before are not published any more. */
  rotate(): Promise<void>
  /** For the audience `shop` and the subject `jon`, valid for five minutes from `nowMs`, unless told otherwise. */
  sign(claims?: Record<string, unknown>, header?: { alg?: string; kid?: string }): Promise<string>
}

export async function openIssuer(t: ExecutionContext, nowMs: () => number, alg = 'ES256'): Promise<Issuer> {
  let keys: { kid: string; privateKey: CryptoKey; jwk: JWK } | undefined
  const rotate = async () => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
    const kid = `key-${issuer.reads}-${Math.random()}`
    keys = { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } }
  }
  const server = createServer((request, response) => {
    const isKeys = request.url === '/keys'
    if (isKeys) issuer.reads += 1
    const document = isKeys
      ? { keys: keys ? [keys.jwk] : [] }
      : { issuer: issuer.url, jwks_uri: `${issuer.url}/keys`, ...issuer.claims }
    const { status, body } = issuer.broken ?? { status: 200, body: JSON.stringify(document) }
    response.writeHead(status, { 'content-type': 'application/json', location: '/keys' }).end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const issuer: Issuer = {
    url: `http://127.0.0.1:${port}`,
    reads: 0,
    broken: undefined,
    claims: {},
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
