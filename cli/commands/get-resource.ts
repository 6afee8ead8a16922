/** Owns `get KIND [NAME]` for every kind of object. */
import { atMost, type Command, defineCommand } from '../command.ts'
import { applicationFlag } from '../flag.ts'
import { type Json, objectOf } from '../format/json.ts'
import { renderTable } from '../format/table.ts'
import type { Io } from '../io.ts'
import { renderObject } from '../output.ts'
import type { Resource } from '../resources.ts'

const carriesApplication = (object: Json, application: string): boolean => {
  const tags = objectOf(object).tags
  return (
    Array.isArray(tags) && tags.map(objectOf).some(({ key, value }) => key === 'Application' && value === application)
  )
}

function renderResources({ columns }: Resource, objects: readonly Json[], io: Io): string {
  const rows = objects.map(object => columns.map(column => column.cell(objectOf(object), io.timeZone)))
  return renderTable({ titles: columns.map(({ title }) => title), rows })
}

/** One object with a name, all of them without; `-a` keeps those of one application. */
export const createGetCommand = (resource: Resource): Command =>
  defineCommand({
    usage: '[NAME]',
    arity: atMost(1),
    flags: applicationFlag,
    async run({ args: [name], flags, session, io }) {
      const { output } = await session.settings()
      const client = await session.client()
      const path = name === undefined ? resource.path : [...resource.path, name]
      const answer = await client.request({ method: 'GET', path })
      const keep = (object: Json) => flags.application === '' || carriesApplication(object, flags.application)
      const found = Array.isArray(answer) ? answer.filter(keep) : answer
      const isTable = output === 'table'
      const objects = Array.isArray(found) ? found : [found]
      io.stdout.write(
        isTable ? renderResources(resource, objects, io) : await renderObject(found, resource.model, output),
      )
      return 0
    },
  })
