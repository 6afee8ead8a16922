/** Owns `create base-image`. */
import { defineCommand, exactly } from '../command.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { createObject } from './create-object.ts'

export const command = defineCommand({
  usage: 'IMAGE_NAME IMAGE_URL',
  description: 'Create a base image: a Docker image that knows how to run functions of one language.',
  examples: ['dispatch create base-image python3-base dispatchframework/python3-base:0.0.13 --language python3'],
  arity: exactly(2),
  flags: {
    language: { kind: 'text', value: 'LANGUAGE', summary: 'language of its functions, e.g. python3 or nodejs' },
    'pull-secret': {
      kind: 'text',
      value: 'SECRET',
      summary: 'secret with the keys username and password, for the registry of the image',
    },
    ...waitFlags,
  },
  run(invocation) {
    const [name = '', dockerUrl = ''] = invocation.args
    const { language, 'pull-secret': pullSecret } = invocation.flags
    const head = { dockerUrl, groups: null, language, name }
    const body = { ...head, ...(pullSecret && { pullSecret }), reason: null, tags: null }
    return createObject(invocation, resources.baseImage, body)
  },
})
