/** The login at an issuer: the browser is sent there, comes back, and goes on to where its login was for. */
import { Type } from '@sinclair/typebox'
import { loginCookies } from '../../core/credentials.ts'
import { DispatchError, dispatchError, isEntry } from '../../core/errors.ts'
import type { LoginPages } from '../../core/login-pages.ts'
import { type Operation, type OperationReply, type OperationRequest, operation } from '../../http/operation.ts'
import { text } from '../../http/shapes.ts'
import type { Lockout } from '../lockout.ts'
import { type Hand, pageReply } from '../login/browser.ts'
import { readCookie, renderCookie } from '../login/cookies.ts'
import { parseReturnPlace, renderReturnPlace } from '../login/return-place.ts'
import { type Attempt, createAttempt, findFault, maxAgeSeconds, parseAttempt, proofsOf, renderAttempt } from './flow.ts'
import type { OidcIssuer } from './issuer.ts'
import { callbackPath, logoutPath, startPath } from './settings.ts'

export interface OidcDependencies {
  /** undefined: none is configured. */
  issuer: OidcIssuer | undefined
  hand: Hand
  pages: Pick<LoginPages, 'text'>
  lockout: Pick<Lockout, 'checkAddress' | 'addressFailed'>
  /** 32 bytes that nobody can guess. */
  random(): Buffer
  nowMs(): number
}

const cookieName = loginCookies.issuer
/** Lax: the browser comes back from another site. */
const cookieTerms = ({ isEncrypted }: OperationRequest) => ({ sameSite: 'Lax', isEncrypted }) as const

const inBrowser = {
  group: 'sessions',
  method: 'GET',
  access: 'public',
  anyOrganization: true,
  errors: ['OIDC_OFF', 'ISSUER_UNREACHED'],
} as const

const goTo = (location: string, headers: Record<string, string> = {}): OperationReply => ({
  status: 303,
  headers: { ...headers, location },
})

export function createOidcOperations(deps: OidcDependencies): Operation[] {
  const { hand, pages, lockout, random, nowMs } = deps

  /** Browsers get a page that tells what failed. */
  const inWords =
    (handle: (request: OperationRequest, issuer: OidcIssuer) => Promise<OperationReply>) =>
    async (request: OperationRequest): Promise<OperationReply> => {
      try {
        if (!deps.issuer) throw dispatchError('OIDC_OFF', {})
        return await handle(request, deps.issuer)
      } catch (thrown) {
        const isBrowser = request.header('accept').includes('text/html')
        if (!isBrowser || !(thrown instanceof DispatchError)) throw thrown
        return pageReply(thrown.httpStatus, pages.text({ title: 'Not logged in', text: thrown.message }))
      }
    }

  async function begin(request: OperationRequest, issuer: OidcIssuer): Promise<OperationReply> {
    const place = parseReturnPlace(request.query.rd ?? '')
    if (!place) throw dispatchError('OIDC_REFUSED', { cause: 'it leads nowhere' })
    const attempt = createAttempt(random(), nowMs(), renderReturnPlace(place))
    const cookie = renderCookie(cookieName, renderAttempt(attempt), { ...cookieTerms(request), maxAgeSeconds })
    return goTo(await issuer.authorizationUrl(proofsOf(attempt)), { 'set-cookie': cookie })
  }

  async function judge(request: OperationRequest, issuer: OidcIssuer, attempt?: Attempt): Promise<OperationReply> {
    const { state = '', ...rest } = request.query
    const fault = findFault(attempt, state, nowMs())
    const place = attempt && parseReturnPlace(attempt.destination)
    if (fault !== undefined || !place) throw dispatchError('OIDC_REFUSED', { cause: fault ?? 'it leads nowhere' })
    const answer = Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
    const user = await issuer.redeem(proofsOf(attempt), { ...Object.fromEntries(answer), state })
    request.note({ principal: { kind: 'user', subject: user } })
    return hand.finish({ user, method: 'oidc' }, place, request)
  }

  /** Who tries what others were sent is slowed down like who tries passwords; a browser that began no login can try nothing. */
  async function comeBack(request: OperationRequest, issuer: OidcIssuer): Promise<OperationReply> {
    const { address } = request.peer
    const attempt = parseAttempt(readCookie(request.header('cookie'), cookieName))
    lockout.checkAddress(address)
    try {
      return await judge(request, issuer, attempt)
    } catch (thrown) {
      if (attempt && isEntry(thrown, 'OIDC_REFUSED')) lockout.addressFailed(address)
      throw thrown
    }
  }

  return [
    operation({
      ...inBrowser,
      id: 'startOidcLogin',
      path: startPath,
      summary: 'Go to the issuer of OpenID Connect to log in there',
      querySchema: Type.Object({ rd: text('Where the login leads: a path of /v1/iam/redirect or /v1/iam/device') }),
      answers: { 303: { description: 'The issuer' } },
      handle: inWords(begin),
    }),
    operation({
      ...inBrowser,
      id: 'finishOidcLogin',
      path: callbackPath,
      summary: 'Come back from the issuer',
      description: 'What the issuer is told as the redirect URI of this server.',
      querySchema: Type.Object({
        state: Type.Optional(text('Of the login that this browser began')),
        code: Type.Optional(text('What the issuer gives its tokens for')),
        iss: Type.Optional(text('The issuer')),
        error: Type.Optional(text('Why there is no code')),
      }),
      answers: { 303: { description: 'Where the login leads' } },
      errors: [...inBrowser.errors, 'OIDC_REFUSED', 'LOCKED_OUT'],
      audit: 'each',
      handle: inWords(comeBack),
    }),
    operation({
      ...inBrowser,
      id: 'startOidcLogout',
      path: logoutPath,
      summary: 'Go to the issuer of OpenID Connect to log out there',
      description: 'The session of this server ends by itself, or by `DELETE /v1/iam/session`.',
      answers: { 303: { description: 'The issuer' } },
      errors: [...inBrowser.errors, 'OIDC_NO_LOGOUT'],
      handle: inWords(async (_, issuer) => goTo(await issuer.logoutUrl())),
    }),
  ]
}
