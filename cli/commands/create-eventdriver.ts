/** Owns `create eventdriver`. */
import { defineCommand, exactly } from '../command.ts'
import { Failure } from '../failure.ts'
import { applicationFlag } from '../flag.ts'
import type { JsonObject } from '../format/json.ts'
import { pickName } from '../random-name.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { applicationTags, createObject } from './create-object.ts'

/** What follows the first `=` is the value, whatever is in it. */
function parseSetting(text: string): JsonObject {
  const [key = '', ...rest] = text.split('=')
  if (key === '') throw new Failure('Invalid Configuration Format, should be --set key=value or --set key')
  const value = rest.join('=')
  return value === '' ? { key } : { key, value }
}

export const command = defineCommand({
  usage: 'DRIVER_TYPE',
  description: 'Create an event driver: a container that turns what happens elsewhere into events.',
  examples: ['dispatch create eventdriver ticker --name tick --set seconds=1'],
  arity: exactly(1),
  completes: ['driver-types'],
  flags: {
    ...applicationFlag,
    name: { kind: 'text', value: 'NAME', summary: 'name of the driver; without, one is made up' },
    set: { kind: 'texts', short: 's', value: 'KEY[=VALUE]', summary: 'what the driver is started with; repeatable' },
    secret: {
      kind: 'names',
      value: 'NAMES',
      completes: 'Secret',
      summary: 'secrets that the driver gets; repeatable or comma-separated',
    },
    ...waitFlags,
  },
  async run(invocation) {
    const { args, flags, io } = invocation
    return createObject(invocation, resources.driver, {
      config: flags.set.length === 0 ? null : flags.set.map(parseSetting),
      name: flags.name || pickName(io),
      reason: null,
      secrets: [...flags.secret],
      expose: false,
      tags: applicationTags(flags.application),
      type: args[0] ?? '',
    })
  },
})
