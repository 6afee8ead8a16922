/** Owns `context set`, `context delete` and `context create`: changes of the config file. */
import { type Command, defineCommand, exactly } from '../command.ts'
import { currentName, findContext, withContext, withCurrent, withoutContext } from '../config/contexts.ts'
import { type ConfigFile, type ConfigObject, saveConfigFile } from '../config/file.ts'
import { Failure } from '../failure.ts'
import type { Session } from '../session.ts'

function requireContext(file: ConfigFile, name: string): string {
  const found = findContext(file.content, name)
  if (found === undefined) throw new Failure(`No such context ${name}`)
  return found.name
}

export const setCommand: Command = defineCommand({
  usage: 'CONTEXT',
  arity: exactly(1),
  completes: ['contexts'],
  flags: {},
  async run({ args: [name = ''], session }) {
    const file = await session.config()
    const found = requireContext(file, name)
    await saveConfigFile({ path: file.path, content: withCurrent(file.content, found) })
    session.report(`Set context to ${name}`)
    return 0
  },
})

export const deleteCommand: Command = defineCommand({
  usage: 'CONTEXT',
  arity: exactly(1),
  completes: ['contexts'],
  flags: {},
  async run({ args: [name = ''], session, io }) {
    const file = await session.config()
    const found = requireContext(file, name)
    const content = withoutContext(file.content, found)
    await saveConfigFile({ path: file.path, content })
    session.report(`Deleted context ${name}`)
    if (currentName(content) !== currentName(file.content))
      io.stderr.write('It was the current context; choose another with "dispatch context set NAME"\n')
    return 0
  },
})

/** What was given on this command line, defaults for the rest of an address. */
function planContext(session: Session): ConfigObject {
  const { host, port, scheme, organization, insecure, serviceAccount, jwtPrivateKey } = session.flagSettings()
  const account = serviceAccount === '' ? {} : { serviceaccount: serviceAccount, jwtprivatekey: jwtPrivateKey }
  return { host, port, scheme, organization, cookie: 'unset', insecure, ...account }
}

export const createCommand: Command = defineCommand({
  usage: 'CONTEXT',
  description: 'Add a context from the global flags, and make it the current one when there is none yet.',
  examples: ['dispatch context create solo --host 10.0.0.5 --port 8080 --scheme http --organization dispatch'],
  arity: exactly(1),
  flags: {},
  async run({ args: [name = ''], session }) {
    if (name === '') throw new Failure('a name must not be empty')
    const file = await session.config(true)
    if (findContext(file.content, name) !== undefined)
      throw new Failure(`context ${name} already exists; delete it first, or edit ${file.path}`)
    const added = withContext(file.content, { name, values: planContext(session) })
    const hasCurrent = findContext(file.content, currentName(file.content)) !== undefined
    await saveConfigFile({ path: file.path, content: hasCurrent ? added : withCurrent(added, name) })
    session.report(`Created context ${name}`)
    return 0
  },
})
