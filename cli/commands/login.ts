/** Owns `login`: by a token or a service account that the server is asked about, else by a browser. */
import { resolve } from 'node:path'
import { anyNumber, defineCommand, type Invocation } from '../command.ts'
import { type Credentials, withLogin } from '../config/credentials.ts'
import { saveConfigFile } from '../config/file.ts'
import type { Settings } from '../config/settings.ts'
import { Failure } from '../failure.ts'
import { openCatcher } from '../http/catcher.ts'
import { renderHost } from '../http/host.ts'

const lookMs = 200
const startPath = ['v1', 'iam', 'oauth2', 'start']

async function save({ session }: Pick<Invocation, 'session'>, credentials: Credentials): Promise<string> {
  const { path, content } = await session.config()
  await saveConfigFile({ path, content: withLogin(content, await session.settings(), credentials) })
  return path
}

/** The server says whether the credentials that came with this request are good. */
async function checkCredentials({ session }: Pick<Invocation, 'session'>): Promise<void> {
  const client = await session.client()
  try {
    await client.request({ method: 'GET', path: ['home'] })
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    throw new Failure(`error logging in: ${thrown.message}`)
  }
}

function planStart({ scheme, host, port }: Settings, callback: string): string {
  const isUsual = (scheme === 'https' && port === 443) || (scheme === 'http' && port === 80)
  const back = `/v1/iam/redirect?redirect=${encodeURIComponent(callback)}`
  return `${scheme}://${renderHost(host)}${isUsual ? '' : `:${port}`}/${startPath.join('/')}?rd=${encodeURIComponent(back)}`
}

/** What cannot be asked from here may still be reached by the browser. Throws Failure where there is nothing to log in to. */
async function requireLogins({ session }: Invocation): Promise<void> {
  const client = await session.client()
  const request = { method: 'GET', path: startPath, anonymous: true, stays: true } as const
  const answer = await client.inspect(request).catch(() => undefined)
  if (answer?.status !== 404 && answer?.status !== 501) return
  const { host, port } = await session.settings()
  throw new Failure(
    `the server at ${renderHost(host)}:${port} has no logins (HTTP ${answer.status}): use it without one, or see --host and --port`,
  )
}

/** Throws Failure when nobody comes, or comes without a cookie. */
async function catchCookie({ session, io }: Invocation, options: { isDebug: boolean; limitMs: number }) {
  const catcher = await openCatcher(io.uuid())
  try {
    const url = planStart(await session.settings(), catcher.url)
    const writer = options.isDebug ? io.stdout : io.stderr
    writer.write(`Logging into: ${url}\n`)
    io.openBrowser(url).catch(() =>
      io.stderr.write('No browser could be opened here; open the address above in one.\n'),
    )
    for (let waitedMs = 0; !catcher.caught && !io.interrupted.aborted; waitedMs += lookMs) {
      if (waitedMs >= options.limitMs) throw new Failure('nobody has logged in in time; see --wait-timeout')
      await session.pauseFor(lookMs, 'waiting for the login in the browser')
    }
    if (!catcher.caught) throw new Failure('interrupted')
    if (catcher.caught.cookie === undefined) throw new Failure('Failed to login, please try again.')
    return catcher.caught.cookie
  } finally {
    catcher.close()
  }
}

export const command = defineCommand({
  usage: '',
  description:
    'Log in: with a token, or with a service account and its key, which the server is asked about; otherwise in a browser. What lets you in is kept in the current context of the config file, a token only with --save.',
  examples: ['dispatch login', 'dispatch login --service-account ci --jwt-private-key ci.pem'],
  arity: anyNumber,
  flags: {
    debug: { kind: 'toggle', summary: 'print on stdout where the browser is sent' },
    save: { kind: 'toggle', summary: 'keep the token in the config file' },
    'wait-timeout': {
      kind: 'duration',
      value: 'DURATION',
      fallback: '5m',
      summary: 'how long to wait for the login in the browser, 0 = forever',
    },
  },
  async run(invocation) {
    const { flags, session, io } = invocation
    const { path } = await session.config(true)
    const { token, serviceAccount, jwtPrivateKey } = await session.settings()
    if (token !== '') {
      await checkCredentials(invocation)
      if (flags.save) await save(invocation, { token })
      else session.note(`The token is not kept; --save keeps it in ${path}`)
    } else if (serviceAccount !== '' && jwtPrivateKey !== '') {
      await checkCredentials(invocation)
      await save(invocation, { serviceaccount: serviceAccount, jwtprivatekey: resolve(io.cwd, jwtPrivateKey) })
    } else {
      await requireLogins(invocation)
      const limitMs = flags['wait-timeout'] || Number.POSITIVE_INFINITY
      const cookie = await catchCookie(invocation, { isDebug: flags.debug, limitMs })
      session.report(`You have successfully logged in, cookie saved to ${await save(invocation, { cookie })}`)
      return 0
    }
    session.report('You have successfully logged in')
    return 0
  },
})
