/** Owns `login`: by a token, a service account or a password that the server is asked about, else by a browser, here or elsewhere. */
import { resolve } from 'node:path'
import { logInByBrowser } from '../browser-login.ts'
import { atMost, defineCommand, type Invocation } from '../command.ts'
import { currentName } from '../config/contexts.ts'
import { type Credentials, withLogin } from '../config/credentials.ts'
import { saveConfigFile } from '../config/file.ts'
import { awaitDeviceLogin, beginDeviceLogin } from '../device-login.ts'
import { Failure, UsageError } from '../failure.ts'
import { objectOf, textOf } from '../format/json.ts'
import { isLoopback, parseServer, renderHost, type Server } from '../http/host.ts'
import { loadPassword, passwordFlags } from '../password.ts'

interface Login extends Pick<Invocation, 'session' | 'io' | 'flags'> {
  /** Of the command line. */
  readonly server: Server | undefined
}

async function save({ session, server }: Login, credentials: Credentials): Promise<string> {
  const { path, content } = await session.config(true)
  const settings = await session.settings()
  // What lets one in there is of no use in the context of another server, and no business of that.
  const place = server ?? (settings.isElsewhere ? settings : undefined)
  const changed = withLogin(content, settings, { ...credentials, server: place })
  await saveConfigFile({ path, content: changed })
  if (!server && place)
    session.note(
      `Note: it is kept in the context ${currentName(changed)} of ${place.host}, which is the current one now`,
    )
  return path
}

async function tellRefusal<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    throw new Failure(`error logging in: ${thrown.message}`)
  }
}

/** The server says whether the credentials that came with this request are good. */
async function checkCredentials({ session }: Login): Promise<void> {
  const client = await session.client()
  await tellRefusal(client.request({ method: 'GET', path: ['home'] }))
}

async function logInByPassword(login: Login, user: string): Promise<string> {
  const client = await login.session.client()
  const { scheme, host, socket } = await login.session.settings()
  if (scheme === 'http' && !socket && !isLoopback(renderHost(host)))
    login.session.note(`Note: the password goes to ${host} in clear, because the scheme is http`)
  const body = { user, password: await loadPassword(login, `Password of ${user}: `) }
  const request = { method: 'POST', path: ['v1', 'iam', 'login'], body, anonymous: true } as const
  return textOf(objectOf(await tellRefusal(client.request(request))).token)
}

async function obtainToken(login: Login): Promise<string> {
  const { flags, io } = login
  const limitMs = Number(flags['wait-timeout']) || Number.POSITIVE_INFINITY
  const user = String(flags.user)
  if (user !== '' && (io.canAsk() || flags['password-stdin'])) return logInByPassword(login, user)
  if (user === '' && flags['password-stdin']) throw new UsageError('--password-stdin needs --user')
  if (user === '' && !flags.device) return logInByBrowser(login, { isDebug: flags.debug === true, limitMs })
  return awaitDeviceLogin(login, await tellRefusal(beginDeviceLogin(login)), limitMs)
}

function serverOf(word: string | undefined, scheme: string): Server | undefined {
  const server = word === undefined ? undefined : parseServer(word, scheme)
  if (word === undefined || server) return server
  throw new Failure(`${JSON.stringify(word)} is no address of a server: it should look like https://HOST:PORT`)
}

export const command = defineCommand({
  usage: '[URL]',
  description:
    'Log in: with a token, with a service account and its key, or with --user and a password, which the server is asked about; otherwise in a browser. Where none can be opened, and with --device, a code is to be entered in a browser elsewhere; so too with --user where there is no terminal. What lets you in is kept in the current context of the config file, or with URL in the context of that server, which is made when there is none, and becomes the current one. A token is kept only with --save.',
  examples: [
    'dispatch login',
    'dispatch login https://dispatch.example.com --user jon',
    'dispatch login --service-account ci --jwt-private-key ci.pem',
  ],
  arity: atMost(1),
  flags: {
    user: { kind: 'text', short: 'u', value: 'NAME', summary: 'log in with the password of this user' },
    ...passwordFlags,
    device: { kind: 'toggle', summary: 'log in by a code that is entered in a browser elsewhere' },
    debug: { kind: 'toggle', summary: 'print on stdout where the browser is sent' },
    save: { kind: 'toggle', summary: 'keep the token in the config file' },
    'wait-timeout': {
      kind: 'duration',
      value: 'DURATION',
      fallback: '5m',
      summary: 'how long to wait for the login in the browser, 0 = forever',
    },
  },
  async run({ args, flags, given, io, session: present }) {
    const server = serverOf(args[0], present.flagSettings().scheme)
    const session = server ? present.withServer(server) : present
    const login: Login = { session, io, flags, server }
    const { path } = await session.config(true)
    const { token, serviceAccount, jwtPrivateKey } = await session.settings()
    if (given.has('service-account') && jwtPrivateKey === '')
      throw new Failure(`service account ${serviceAccount} needs its key to log in: --jwt-private-key FILE`)
    if (given.has('jwt-private-key') && serviceAccount === '')
      throw new Failure('a key needs its service account to log in: --service-account ORGANIZATION/NAME')
    const isPerson = flags.user !== '' || flags.device
    if (!isPerson && token !== '') {
      await checkCredentials(login)
      if (flags.save) await save(login, { token })
      else session.note(`The token is not kept; --save keeps it in ${path}`)
    } else if (!isPerson && serviceAccount !== '' && jwtPrivateKey !== '') {
      await checkCredentials(login)
      await save(login, { serviceaccount: serviceAccount, jwtprivatekey: resolve(io.cwd, jwtPrivateKey) })
    } else {
      const cookie = await obtainToken(login)
      session.report(`You have successfully logged in, cookie saved to ${await save(login, { cookie })}`)
      return 0
    }
    session.report('You have successfully logged in')
    return 0
  },
})
