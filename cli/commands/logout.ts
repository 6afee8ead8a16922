/** Owns `logout`: the session ends on the server, where that can be told, and the current context forgets what let one in. */
import { anyNumber, defineCommand, type Invocation } from '../command.ts'
import { pick, serverIn, withContext } from '../config/contexts.ts'
import { findCurrent, withCredentials } from '../config/credentials.ts'
import { saveConfigFile } from '../config/file.ts'
import { Failure } from '../failure.ts'

/** What the token of a session begins with; other cookies are not of this server's making. */
const sessionPrefix = 'dss_'
const timeoutMs = 10_000

async function endSession({ session, io }: Pick<Invocation, 'session' | 'io'>, cookie: string): Promise<void> {
  const { createClient } = await import('../client.ts')
  const settings = { ...(await session.settings()), token: '', serviceAccount: '', cookie, socket: undefined }
  const client = createClient({ settings, io, timeoutMs })
  try {
    await client.request({ method: 'DELETE', path: ['v1', 'iam', 'session'] })
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    session.note(`Note: the server was not told, so that the session goes on until its time is over: ${thrown.message}`)
  } finally {
    client.close()
  }
}

export const command = defineCommand({
  usage: '',
  description:
    'Log out: end the session on the server, and remove cookie, token, service account and key from the current context of the config file.',
  arity: anyNumber,
  flags: {},
  async run({ session, io }) {
    const { path, content } = await session.config()
    const current = findCurrent(content)
    if (current === undefined) throw new Failure(`there is no current context in ${path} to log out of`)
    const cookie = String(pick(current.values, 'cookie') ?? '')
    const server = serverIn(current.values)
    // The session is of that server, whatever flags and environment say.
    const there = server ? session.withServer(server) : session
    if (cookie.startsWith(sessionPrefix)) await endSession({ session: there, io }, cookie)
    const values = withCredentials(current.values, {})
    await saveConfigFile({ path, content: withContext(content, { name: current.name, values }) })
    session.report('You have successfully logged out')
    return 0
  },
})
