/** The issuer that vouches for users, spoken to by the code flow of OpenID Connect; the only importer of openid-client. */
import type {
  ClientAuth,
  Configuration,
  CustomFetch,
  TokenEndpointResponse,
  TokenEndpointResponseHelpers,
} from 'openid-client'
import { DispatchError, dispatchError, messageOf } from '../../core/errors.ts'
import { isPlain, parseIssuerUrl } from '../../core/issuer-url.ts'
import type { Log } from '../../core/ports.ts'
import { createRefreshed } from '../../core/refreshed.ts'
import type { Proofs } from './flow.ts'
import { callbackPath, type OidcSettings } from './settings.ts'
import { nameUser } from './subject.ts'

export interface IssuerDependencies {
  settings: OidcSettings
  /** Bounded in time and size, and not redirected. */
  fetch(url: string, init: RequestInit): Promise<Response>
  nowMs(): number
  log: Log
}

/** Each rejects with the DispatchError ISSUER_UNREACHED, when it cannot be asked, or OIDC_REFUSED. */
export interface OidcIssuer {
  authorizationUrl(proofs: Proofs): Promise<string>
  /** The user that it vouches for, by the parameters with which it sent the browser back. */
  redeem(proofs: Proofs, answer: Record<string, string>): Promise<string>
  /** Where its own session ends; OIDC_NO_LOGOUT: it has no such place. */
  logoutUrl(): Promise<string>
}

/** Loaded at the first login: servers without an issuer start without it. */
type Library = typeof import('openid-client')

interface Known {
  library: Library
  configuration: Configuration
}

const clockToleranceS = 30

/** By the header unless it takes only the other way. */
const bySecret =
  ({ ClientSecretBasic, ClientSecretPost }: Library, secret: string): ClientAuth =>
  (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const create = methods.includes('client_secret_basic') ? ClientSecretBasic : ClientSecretPost
    create(secret)(server, ...rest)
  }

async function readKnown({ settings, fetch }: IssuerDependencies): Promise<Known> {
  const library = await import('openid-client')
  const { allowInsecureRequests, clockTolerance, customFetch, enableNonRepudiationChecks, None } = library
  const url = parseIssuerUrl(settings.issuer, true)
  const secret = await settings.readClientSecret?.()
  const authentication = secret === undefined ? None() : bySecret(library, secret)
  // Without it a token is trusted for the connection that it came by; a signature is proof whatever lies between.
  const execute = [enableNonRepudiationChecks, ...(isPlain(url) ? [allowInsecureRequests] : [])]
  const ask: CustomFetch = (asked, { method, headers, body }) =>
    fetch(asked, { method, headers, ...(body && { body }) })
  const metadata = { [clockTolerance]: clockToleranceS }
  const options = { execute, [customFetch]: ask }
  const configuration = await library.discovery(url, settings.clientId, metadata, authentication, options)
  const server = configuration.serverMetadata()
  if (server.issuer !== settings.issuer) throw new Error(`it calls itself ${JSON.stringify(server.issuer)}`)
  parseIssuerUrl(server.authorization_endpoint, isPlain(url))
  return { library, configuration }
}

type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers

/** By the ID token, or else by what the issuer answers about its bearer; never by some of each. */
async function readUser({ library, configuration }: Known, claim: string, tokens: Tokens): Promise<string> {
  const claims = tokens.claims()
  let naming = nameUser(claim, claims)
  if ('refused' in naming && claims && configuration.serverMetadata().userinfo_endpoint)
    naming = nameUser(claim, await library.fetchUserInfo(configuration, tokens.access_token, claims.sub))
  if ('refused' in naming) throw dispatchError('OIDC_REFUSED', { cause: naming.refused })
  return naming.subject
}

/** It did not answer: `fetch` itself says no more. */
const isSilence = (thrown: unknown, { ClientError }: Library): boolean =>
  thrown instanceof TypeError || (thrown instanceof ClientError && thrown.code === 'OAUTH_TIMEOUT')

/** Texts of the issuer stay in the log: whoever makes a link to here may write them. */
function refuse(thrown: unknown, library: Library, deps: IssuerDependencies): DispatchError {
  if (thrown instanceof DispatchError) return thrown
  const { AuthorizationResponseError } = library
  const { issuer } = deps.settings
  const cause = thrown instanceof AuthorizationResponseError ? `the issuer says ${thrown.error}` : messageOf(thrown)
  deps.log.warn({ issuer, cause }, 'a login by OpenID Connect was not accepted')
  if (isSilence(thrown, library)) return dispatchError('ISSUER_UNREACHED', { issuer }, thrown)
  const isWord = /^[\w :,.()'"-]{1,200}$/.test(cause)
  return dispatchError('OIDC_REFUSED', { cause: isWord ? cause : 'the log of the server says why' }, thrown)
}

export function createOidcIssuer(deps: IssuerDependencies): OidcIssuer {
  const { settings, nowMs, log } = deps
  const { issuer, claim, scopes: scope, externalUrl } = settings
  const redirectUrl = new URL(callbackPath, externalUrl)
  const known = createRefreshed({
    read: () => readKnown(deps),
    nowMs,
    onFailure: cause => log.warn({ issuer, cause }, 'the issuer for logins could not be asked'),
  })
  const find = () =>
    known.get().catch(thrown => {
      throw dispatchError('ISSUER_UNREACHED', { issuer }, thrown)
    })

  return {
    authorizationUrl: async ({ state, nonce, codeVerifier }) => {
      const { library, configuration } = await find()
      const codeChallenge = await library.calculatePKCECodeChallenge(codeVerifier)
      const pkce = { code_challenge: codeChallenge, code_challenge_method: 'S256' }
      const asked = { redirect_uri: redirectUrl.href, scope, state, nonce, ...pkce }
      return library.buildAuthorizationUrl(configuration, asked).href
    },
    redeem: async ({ state, nonce, codeVerifier }, answer) => {
      const found = await find()
      const { library, configuration } = found
      const answered = new URL(`?${new URLSearchParams(answer)}`, redirectUrl)
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier }
      try {
        return await readUser(found, claim, await library.authorizationCodeGrant(configuration, answered, checks))
      } catch (thrown) {
        throw refuse(thrown, library, deps)
      }
    },
    logoutUrl: async () => {
      const { library, configuration } = await find()
      if (configuration.serverMetadata().end_session_endpoint) return library.buildEndSessionUrl(configuration).href
      throw dispatchError('OIDC_NO_LOGOUT', { issuer })
    },
  }
}
