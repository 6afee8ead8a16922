/** A browser at the set-up page that keeps its cookie and sends its forms, without a window; and a page with a fake agent behind it. */
import { connectAgent } from '../../provisioning/setup/agent.ts'
import { createSetupPage } from '../../provisioning/setup/page.ts'
import { type FakeAgent, startFakeAgent } from './fake-agent.ts'

export const password = 'winter is not coming yet'

export type Form = Readonly<Record<string, string | Blob>>

export interface Shown {
  readonly status: number
  readonly html: string
  readonly headers: Record<string, unknown>
}

const boundary = 'x-dispatch-boundary'

async function encode(form: Form): Promise<Buffer> {
  const data = new FormData()
  for (const [name, value] of Object.entries(form)) data.set(name, value)
  const sent = new Response(data)
  const own = /boundary=(.*)$/.exec(sent.headers.get('content-type') ?? '')?.[1] ?? ''
  return Buffer.from(await sent.text().then(text => text.replaceAll(own, boundary)))
}

/** As it stands in an attribute. */
export const hiddenOf = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''

export function createSetupBrowser(page: ReturnType<typeof createSetupPage>) {
  let cookie = ''
  let token = ''
  const take = (answer: { statusCode: number; body: string; headers: Record<string, unknown> }): Shown => {
    const set = answer.headers['set-cookie']
    if (typeof set === 'string') cookie = set.split(';')[0] ?? ''
    token = hiddenOf(answer.body, 'token') || token
    return { status: answer.statusCode, html: answer.body, headers: answer.headers }
  }
  return {
    get: async (url = '/', headers: Record<string, string> = {}): Promise<Shown> =>
      take(await page.inject({ method: 'GET', url, headers: { host: '10.0.0.5', cookie, ...headers } })),
    post: async (form: Form, { url = '/', headers = {} }: { url?: string; headers?: Record<string, string> } = {}) =>
      take(
        await page.inject({
          method: 'POST',
          url,
          headers: {
            ...{ host: '10.0.0.5', cookie, 'sec-fetch-site': 'same-origin' },
            ...{ 'content-type': `multipart/form-data; boundary=${boundary}`, ...headers },
          },
          payload: await encode({ token, ...form }),
        }),
      ),
  }
}

export type SetupBrowser = ReturnType<typeof createSetupBrowser>

/** `patienceMs`: after which an agent is silent; long, since a machine that is busy is none. */
export async function createSetupStage(t: { teardown(end: () => unknown): void }, patienceMs = 30_000) {
  const agent: FakeAgent = await startFakeAgent(t)
  const errors: string[] = []
  const page = createSetupPage({
    agent: connectAgent({ socketPath: agent.socketPath, lookMs: patienceMs, workMs: patienceMs }),
    nowMs: () => agent.nowMs(),
    log: { error: (_fields, message) => void errors.push(message) },
  })
  t.teardown(() => page.close())
  return { agent, page, errors, browser: createSetupBrowser(page) }
}

export const filled: Readonly<Record<string, string>> = {
  code: '77777 77777',
  password,
  repeated: password,
  fqdn: 'solo.example.com',
}

/** From the form to the review. */
export async function reviewAs(browser: SetupBrowser, form: Form = filled): Promise<Shown> {
  await browser.get()
  return browser.post({ step: 'review', ...form })
}

export async function claimAs(browser: SetupBrowser, form: Form = filled, url = '/'): Promise<Shown> {
  const review = await reviewAs(browser, form)
  return browser.post({ step: 'claim', draft: hiddenOf(review.html, 'draft') }, { url })
}
