/** Owns `logout`: the current context forgets what let one in. No request is sent. */
import { anyNumber, defineCommand } from '../command.ts'
import { withContext } from '../config/contexts.ts'
import { findCurrent, withCredentials } from '../config/credentials.ts'
import { saveConfigFile } from '../config/file.ts'
import { Failure } from '../failure.ts'

export const command = defineCommand({
  usage: '',
  description: 'Log out: remove cookie, token, service account and key from the current context of the config file.',
  arity: anyNumber,
  flags: {},
  async run({ session }) {
    const { path, content } = await session.config()
    const current = findCurrent(content)
    if (current === undefined) throw new Failure(`there is no current context in ${path} to log out of`)
    const values = withCredentials(current.values, {})
    await saveConfigFile({ path, content: withContext(content, { name: current.name, values }) })
    session.report('You have successfully logged out')
    return 0
  },
})
