/** Owns `delete KIND NAME` for every kind of object. */
import { type Command, defineCommand, exactly } from '../command.ts'
import { renderObject } from '../output.ts'
import { applicationFlagOf, type Resource } from '../resources.ts'

export const createDeleteCommand = (resource: Resource): Command =>
  defineCommand({
    usage: 'NAME',
    arity: exactly(1),
    flags: applicationFlagOf(resource),
    async run({ args: [name = ''], session, io }) {
      const { output } = await session.settings()
      const client = await session.client()
      const deleted = await client.request({ method: 'DELETE', path: [...resource.path, name] })
      if (output === 'table') session.print(`${resource.deletedText}: ${name}`)
      else io.stdout.write(await renderObject(deleted ?? { name }, resource.model, output))
      return 0
    },
  })
