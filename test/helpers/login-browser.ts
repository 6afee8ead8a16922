/** A browser at the pages of a login, and a server with a user who can log in there. */
import type { ExecutionContext } from 'ava'
import type { AppOptions } from '../../server/app-options.ts'
import { createTestApp, type TestApp } from './test-app.ts'

const hashParameters = { memoryKibibytes: 64, passes: 1, lanes: 1 }
export const password = 'winter is not coming yet'
export const target = 'http://127.0.0.1:4000/catcher/state'
/** Where a login for the command line leads. */
export const rd = `/v1/iam/redirect?${new URLSearchParams({ redirect: target })}`
export const start = (place: string) => `/v1/iam/oauth2/start?${new URLSearchParams({ rd: place })}`

/** Keeps cookies as a browser does, and follows nothing by itself. */
export function createBrowser({ app }: TestApp) {
  const cookies = new Map<string, string>()
  const send = async (method: 'GET' | 'POST', url: string, form?: Record<string, string>) => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const payload = form && { payload: new URLSearchParams(form).toString() }
    const headers = { ...(cookie && { cookie }), ...(form && type) }
    const answer = await app.api.inject({ method, url, headers, ...payload })
    for (const { name, value } of answer.cookies) cookies.set(name, value)
    return answer
  }
  return {
    cookies,
    get: (url: string) => send('GET', url),
    post: (url: string, form: object) => send('POST', url, { formKey: cookies.get('dispatch-form') ?? '', ...form }),
  }
}

export type LoginBrowser = ReturnType<typeof createBrowser>

export const fieldOf = (page: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''

/** With the user jon. */
export async function createLoginStage(t: ExecutionContext, options: Partial<AppOptions> = {}) {
  const app = await createTestApp(t, {}, { hashParameters, ...options })
  await app.call('POST', '/v1/iam/user', { name: 'jon', password })
  return { app, browser: createBrowser(app) }
}

export async function logIn(browser: LoginBrowser, place: string, secret = password) {
  const page = await browser.get(start(place))
  const form = { rd: place, formKey: fieldOf(page.body, 'formKey'), user: 'jon', password: secret }
  return browser.post('/v1/iam/oauth2/start', form)
}

/** A device without a browser that asks to be let in. */
export async function beginDevice({ call }: TestApp) {
  const { body } = await call('POST', '/v1/iam/device/code', undefined, { cookie: '', 'x-dispatch-org': '' })
  const poll = () => call('POST', '/v1/iam/device/token', { deviceCode: body.deviceCode }, { cookie: '' })
  return { code: body.userCode as string, body, poll }
}
