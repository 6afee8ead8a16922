/** Owns `iam create organization`. */
import { defineCommand, exactly } from '../command.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { createObject } from './create-object.ts'

export const command = defineCommand({
  usage: 'ORGANIZATION_NAME',
  description: 'Create an organization: a namespace of its own for all other objects.',
  examples: ['dispatch iam create organization dispatch'],
  arity: exactly(1),
  flags: waitFlags,
  run: invocation => createObject(invocation, resources.organization, { name: invocation.args[0] ?? '' }),
})
