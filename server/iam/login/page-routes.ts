/** The login in a browser: the page with its form, and the handing over to the command line that waits on that computer. */
import { Type } from '@sinclair/typebox'
import { DispatchError, dispatchError } from '../../core/errors.ts'
import type { LoginPages, LoginProvider } from '../../core/login-pages.ts'
import { type Operation, type OperationReply, type OperationRequest, operation } from '../../http/operation.ts'
import { text } from '../../http/shapes.ts'
import type { PasswordLogin } from '../password-login.ts'
import type { Sessions } from '../sessions.ts'
import { type Browser, type Hand, pageReply } from './browser.ts'
import { createFormKey, createFormReader, type Form, isOwnForm } from './form.ts'
import { parseReturnPlace, parseTarget, type ReturnPlace, renderReturnPlace } from './return-place.ts'

export interface LoginPageDependencies {
  pages: LoginPages
  hand: Hand
  logIn: PasswordLogin
  sessions: Pick<Sessions, 'open'>
  /** Other places to log in for where this login leads. */
  providersFor(rd: string): readonly LoginProvider[]
}

const startPath = '/v1/iam/oauth2/start'
const page = { contentType: 'text/html; charset=utf-8' }
const inBrowser = { group: 'sessions', access: 'public', anyOrganization: true } as const

const purposeOf = (place: ReturnPlace): string =>
  place.kind === 'device'
    ? `For the device that shows the code ${place.code}.`
    : `For the command line on this computer, at ${place.target.host}.`

interface Shown {
  status: number
  user?: string
  problem?: string
  headers?: Record<string, string>
}

/** What the page says instead of an error that others get as JSON. */
function explain(thrown: unknown): Required<Pick<Shown, 'status' | 'problem' | 'headers'>> {
  if (!(thrown instanceof DispatchError) || thrown.blame !== 'caller') throw thrown
  const { httpStatus: status, message, retryAfterSeconds } = thrown
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  return { status, problem: message, headers }
}

export function createLoginPageOperations(deps: LoginPageDependencies): Operation[] {
  const { pages, hand, logIn, sessions, providersFor } = deps

  const show = (
    place: ReturnPlace,
    browser: Browser,
    { status, user = '', problem, headers }: Shown,
  ): OperationReply => {
    const rd = renderReturnPlace(place)
    const { key, cookie } = createFormKey({ cookie: browser.header('cookie'), isEncrypted: browser.isEncrypted })
    const view = { purpose: purposeOf(place), rd, formKey: key, user, providers: providersFor(rd) }
    const leadsTo = place.kind === 'command-line' ? [place.target.origin] : []
    const reply = pageReply(status, pages.login({ ...view, ...(problem !== undefined && { problem }) }, leadsTo))
    return { ...reply, headers: { ...reply.headers, ...headers, 'set-cookie': cookie } }
  }
  const nowhere = (): OperationReply =>
    pageReply(
      400,
      pages.text({
        title: 'Nothing to log in to here',
        text: 'This page is opened by "dispatch login" on the same computer. Run it there, or "dispatch login --device" where there is no browser.',
      }),
    )
  const submit = async (form: Form, place: ReturnPlace, request: OperationRequest<Form>): Promise<OperationReply> => {
    const { user = '', password = '' } = form
    if (!isOwnForm(form, request.header('cookie')))
      return show(place, request, {
        status: 403,
        user,
        problem: 'The page was too old, or cookies are off. Please try again.',
      })
    try {
      const { peer, note } = request
      return hand.finish(await logIn({ user, password, address: peer.address, note }), place, request)
    } catch (thrown) {
      return show(place, request, { ...explain(thrown), user })
    }
  }

  return [
    operation({
      ...inBrowser,
      id: 'getLoginPage',
      method: 'GET',
      path: startPath,
      summary: 'Get the page to log in',
      querySchema: Type.Object({ rd: text('Where the login leads: a path of /v1/iam/redirect or /v1/iam/device') }),
      answers: { 200: { description: 'The page', ...page } },
      handle: async request => {
        const place = parseReturnPlace(request.query.rd ?? '')
        return place ? show(place, request, { status: 200 }) : nowhere()
      },
    }),
    operation({
      ...inBrowser,
      id: 'submitLoginPage',
      method: 'POST',
      path: startPath,
      summary: 'Log in by the form of the page',
      createReader: createFormReader,
      answers: { 303: { description: 'Where the login leads' } },
      errors: ['MEDIA_TYPE', 'BODY_TOO_LARGE'],
      handle: async request => {
        const place = parseReturnPlace(request.body.rd ?? '')
        return place ? submit(request.body, place, request) : nowhere()
      },
    }),
    operation({
      ...inBrowser,
      id: 'handOverLogin',
      method: 'GET',
      path: '/v1/iam/redirect',
      summary: 'Hand the login over to the command line that waits for it',
      querySchema: Type.Object({
        redirect: text('An address of the computer of the browser, on loopback'),
      }),
      answers: { 302: { description: 'There, with the token as the query parameter `cookie`' } },
      errors: ['NO_LOGIN', 'LOGIN_REFUSED'],
      audit: 'each',
      handle: async request => {
        const target = parseTarget(request.query.redirect ?? '')
        const who = target && hand.take(request, { kind: 'command-line', target })
        if (!who) throw dispatchError('NO_LOGIN', {})
        request.note({ principal: { kind: 'user', subject: who.user } })
        const { token } = await sessions.open({ ...who, address: request.peer.address })
        target.searchParams.set('cookie', token)
        return { status: 302, headers: { location: target.href, 'cache-control': 'no-store' } }
      },
    }),
  ]
}
