/** Owns the login in a browser on this computer. */
import type { Invocation } from './command.ts'
import type { Settings } from './config/settings.ts'
import { awaitDeviceLogin, beginDeviceLogin } from './device-login.ts'
import { Failure } from './failure.ts'
import { type Catcher, openCatcher } from './http/catcher.ts'
import { originOf, renderHost } from './http/host.ts'

const lookMs = 200
const startPath = ['v1', 'iam', 'oauth2', 'start']

type Part = Pick<Invocation, 'session' | 'io'>

export interface BrowserLogin {
  /** The address goes to stdout. */
  readonly isDebug: boolean
  readonly limitMs: number
}

function planStart(settings: Settings, callback: string): string {
  const back = `/v1/iam/redirect?redirect=${encodeURIComponent(callback)}`
  return `${originOf(settings)}/${startPath.join('/')}?rd=${encodeURIComponent(back)}`
}

/** What cannot be asked from here may still be reached by the browser. Throws Failure where there is nothing to log in to. */
async function requireLogins({ session }: Part): Promise<void> {
  const client = await session.client()
  const request = { method: 'GET', path: startPath, anonymous: true, stays: true } as const
  const answer = await client.inspect(request).catch(() => undefined)
  if (answer?.status !== 404 && answer?.status !== 501) return
  const { host, port } = await session.settings()
  throw new Failure(
    `the server at ${renderHost(host)}:${port} has no logins (HTTP ${answer.status}): use it without one, or see --host and --port`,
  )
}

/** Where no browser can be opened, one elsewhere may do, if the server has that. Throws Failure when nobody comes, or comes without a cookie. */
async function catchCookie(part: Part, { isDebug, limitMs }: BrowserLogin, catcher: Catcher): Promise<string> {
  const { session, io } = part
  const url = planStart(await session.settings(), catcher.url)
  const writer = isDebug ? io.stdout : io.stderr
  writer.write(`Logging into: ${url}\n`)
  let isBlind = false
  io.openBrowser(url).catch(() => {
    isBlind = true
  })
  for (let waitedMs = 0; !catcher.caught && !io.interrupted.aborted; waitedMs += lookMs) {
    if (isBlind) {
      isBlind = false
      const begun = await beginDeviceLogin(part).catch(() => undefined)
      if (begun) return awaitDeviceLogin(part, begun, limitMs)
      io.stderr.write('No browser could be opened here; open the address above in one.\n')
    }
    if (waitedMs >= limitMs)
      throw new Failure('nobody has logged in there in time: begin again, with a longer --wait-timeout if need be')
    await session.pauseFor(lookMs, 'waiting for the login in the browser')
  }
  if (!catcher.caught) throw new Failure('interrupted')
  if (catcher.caught.cookie === undefined) throw new Failure('Failed to login, please try again.')
  return catcher.caught.cookie
}

/** The cookie. */
export async function logInByBrowser(part: Part, login: BrowserLogin): Promise<string> {
  await requireLogins(part)
  const catcher = await openCatcher(part.io.uuid())
  try {
    return await catchCookie(part, login, catcher)
  } finally {
    catcher.close()
  }
}
