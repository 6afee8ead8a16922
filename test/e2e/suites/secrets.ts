/** The cases of the original's suite of secrets. */
import type { Case } from '../stories/step.ts'
import { cleanup, createReady, loadImages, onNode, skipped } from './building-blocks.ts'

const password = { output: { message: 'The password is OpenSesame' } }
const handler = './i-have-a-secret.js'

export const secrets: readonly Case[] = [
  loadImages,
  {
    title: 'create secret',
    steps: [{ run: 'create secret open-sesame examples/nodejs/secret.json', prints: 'Created secret: open-sesame\n' }],
  },
  {
    title: 'create function with a default secret',
    steps: createReady({ ...onNode('i-have-a-default-secret', handler), options: '--secret open-sesame' }),
  },
  { title: 'create function without a default secret', steps: createReady(onNode('i-have-a-secret', handler)) },
  {
    title: 'execute function with a default secret',
    steps: [{ run: 'exec i-have-a-default-secret --wait -o json', has: password }],
  },
  {
    title: 'execute function without a default secret',
    steps: [
      { run: 'exec i-have-a-secret --wait', has: { output: { message: 'I know nothing' } } },
      { run: 'exec i-have-a-secret --secret open-sesame --wait', has: password },
    ],
  },
  skipped('validate invalid secret errors'),
  {
    title: 'update secret',
    steps: [
      { run: 'update --work-dir . -f secret_update.yaml', prints: 'Updated Secret: open-sesame\n' },
      { run: 'get secret open-sesame -o json', has: { secrets: { password: 'OpenSesameStreet' } } },
    ],
  },
  { title: 'delete secrets', steps: [{ clean: ['secrets'] }] },
  cleanup,
]
