/** Owns `create eventdrivertype`. */
import { defineCommand, exactly } from '../command.ts'
import { applicationFlag } from '../flag.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { applicationTags, createObject } from './create-object.ts'

export const command = defineCommand({
  usage: 'DRIVER_TYPE_NAME DOCKER_IMAGE',
  description: 'Create an event driver type: the Docker image that drivers of this type run.',
  examples: ['dispatch create eventdrivertype ticker dispatchframework/ticker:0.0.2'],
  arity: exactly(2),
  flags: {
    ...applicationFlag,
    expose: { kind: 'toggle', summary: 'let others call its drivers, at a port of their own' },
    ...waitFlags,
  },
  run(invocation) {
    const { args, flags } = invocation
    const [name = '', image = ''] = args
    const tags = applicationTags(flags.application)
    return createObject(invocation, resources.driverType, { config: null, image, expose: flags.expose, name, tags })
  },
})
