/** Owns `create base-image`. */
import { defineCommand, exactly } from '../command.ts'
import { resources } from '../resources.ts'
import { startPatience, waitFlags } from '../wait.ts'
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
  run: ({ args: [name = '', dockerUrl = ''], flags, session, io }) =>
    createObject({
      session,
      io,
      resource: resources.baseImage,
      body: { dockerUrl, groups: null, language: flags.language, name, reason: null, tags: null },
      line: `Created base image: ${name}`,
      patience: startPatience(flags, io),
    }),
})
