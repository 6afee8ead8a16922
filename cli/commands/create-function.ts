/** Owns `create function`. */
import { defineCommand, exactly } from '../command.ts'
import { numberOf } from '../format/json.ts'
import { functionFlags, limitsOf, loadSchema } from '../function-fields.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { applicationTags, createObject } from './create-object.ts'

export const command = defineCommand({
  usage: 'NAME PATH',
  description: 'Create a function from a source file or a directory. A directory may hold a .dispatchignore file.',
  examples: [
    'dispatch create function hello server/runtimes/python3/example/hello.py --image python3',
    'dispatch create function hello-js server/runtimes/nodejs/example --handler ./hello.js --image nodejs',
  ],
  arity: exactly(2),
  flags: { ...functionFlags, image: { ...functionFlags.image, required: true }, ...waitFlags },
  async run(invocation) {
    const { flags, io } = invocation
    const [name = '', path = ''] = invocation.args
    const { packSource } = await import('../source/archive.ts')
    const source = await packSource({ functionName: name, cwd: io.cwd, path, handler: flags.handler })
    const body = {
      source,
      image: flags.image,
      handler: flags.handler,
      name,
      reason: null,
      schema: {
        in: await loadSchema(io.cwd, flags['schema-in']),
        out: await loadSchema(io.cwd, flags['schema-out']),
      },
      secrets: [...flags.secret],
      services: [...flags.service],
      ...(flags.timeout === 0n ? {} : { timeout: numberOf(String(flags.timeout)) }),
      ...limitsOf(flags),
      tags: applicationTags(flags.application),
    }
    return createObject(invocation, resources.function, body)
  },
})
