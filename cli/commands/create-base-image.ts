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
    ...waitFlags,
  },
  run(invocation) {
    const [name = '', dockerUrl = ''] = invocation.args
    const { language } = invocation.flags
    const body = { dockerUrl, groups: null, language, name, reason: null, tags: null }
    return createObject(invocation, resources.baseImage, body)
  },
})
