/** A real issuer of OpenID Connect on a loopback port, at which whoever comes is logged in at once; and a browser without a window. */
import { createServer } from 'node:http'
import type { ExecutionContext } from 'ava'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import Provider from 'oidc-provider'
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js'
import { listenOnLoopback } from './issuer.ts'

export interface OidcProvider {
  url: string
  clientSecret: string
  /** Whom it takes the next visitor for. */
  user: { sub: string } & Record<string, unknown>
  /** Where it sends the browser that is sent to this address. */
  visit(url: string): Promise<URL>
}

export interface ProviderOptions {
  externalUrl: string
  /** Whether an ID token holds what the scopes ask for; else only its answer about a user does. */
  tellsInIdToken?: boolean
  clientAuthentication?: string
}

const clientSecret = 'a secret of client and issuer'
const clientId = 'dispatch'

/** What it says aloud when it is left to its defaults. */
const named = (key: JWK) => ({
  adapter: createMemoryAdapter(0),
  jwks: { keys: [{ ...key, alg: 'RS256', use: 'sig' }] },
  ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
})

function createConfiguration(of: () => OidcProvider['user'], options: ProviderOptions): object {
  const { externalUrl, tellsInIdToken = false, clientAuthentication = 'client_secret_basic' } = options
  const client = {
    client_id: clientId,
    redirect_uris: [`${externalUrl}/v1/iam/oidc/callback`],
    token_endpoint_auth_method: clientAuthentication,
    ...(clientAuthentication !== 'none' && { client_secret: clientSecret }),
  }
  return {
    clients: [client],
    clientAuthMethods: [clientAuthentication],
    claims: { openid: ['sub', 'preferred_username'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: !tellsInIdToken,
    pkce: { required: () => true },
    cookies: { keys: ['a key of cookies'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: () => '/interaction' },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => ({ ...of(), sub: accountId }) }),
    loadExistingGrant: async ({ oidc }: { oidc: { provider: Provider; session: { accountId: string } } }) => {
      const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session.accountId })
      grant.addOIDCScope('openid email')
      await grant.save()
      return grant
    },
  }
}

/** Follows redirections, with cookies, until they leave the issuer. */
async function visit(issuer: string, start: string): Promise<URL> {
  const cookies = new Map<string, string>()
  let url = new URL(start)
  while (url.origin === issuer) {
    const cookie = [...cookies].map(pair => pair.join('=')).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const each of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? []
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (!location) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
    url = new URL(location, url)
  }
  return url
}

export async function openProvider(t: ExecutionContext, options: ProviderOptions): Promise<OidcProvider> {
  const server = createServer()
  const url = await listenOnLoopback(t, server)
  const opened: OidcProvider = {
    url,
    clientSecret,
    user: { sub: 'jon', email: 'Jon@Wall.example', email_verified: true, preferred_username: 'jon' },
    visit: start => visit(url, start),
  }
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const configuration = createConfiguration(() => opened.user, options)
  const provider = new Provider(url, { ...configuration, ...named(await exportJWK(privateKey)) })
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (request.url !== '/interaction') answer(request, response)
    else void provider.interactionFinished(request, response, { login: { accountId: opened.user.sub } })
  })
  return opened
}
