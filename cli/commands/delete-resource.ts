/** Owns `delete KIND NAME` for every kind of object. */
import { type Command, defineCommand, exactly } from '../command.ts'
import { renderObject } from '../output.ts'
import { applicationFlagOf, type Resource } from '../resources.ts'
import { goneFlags, startPatience, waitUntilGone } from '../wait.ts'

export const createDeleteCommand = (resource: Resource): Command =>
  defineCommand({
    usage: 'NAME',
    arity: exactly(1),
    completes: [resource.kind],
    flags: { ...applicationFlagOf(resource), ...goneFlags },
    async run({ args: [name = ''], flags, session, io }) {
      const { output } = await session.settings()
      const client = await session.client()
      const patience = startPatience(flags, io)
      const deleted = await client.request({ method: 'DELETE', path: [...resource.path, name] })
      if (output === 'table') session.report(`${resource.deletedText}: ${name}`)
      if (patience) await waitUntilGone({ session, io, resource, name, patience })
      if (output !== 'table') io.stdout.write(await renderObject(deleted ?? { name }, resource.model, output))
      return 0
    },
  })
