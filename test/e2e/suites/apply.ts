/** The cases of the original's suite of `apply`. */
import { type Case, reversedSeedLines, seedLines, seedReady } from '../stories/step.ts'
import { cleanup } from './building-blocks.ts'

const applySeed = [{ run: 'apply seed', prints: seedLines('Applied') }, ...seedReady]

export const apply: readonly Case[] = [
  { title: 'apply seed images', steps: applySeed },
  { title: 'apply seed images again', steps: applySeed },
  {
    title: 'apply with URL',
    steps: [{ later: 'apply -f https://.../seed.yaml; from a file: the stories', waitsFor: 'internet' }],
  },
  { title: 'delete with URL', steps: [{ later: 'delete -f https://.../seed.yaml', waitsFor: 'internet' }] },
  {
    title: 'delete seed images',
    steps: [
      { run: 'delete seed', prints: reversedSeedLines('Deleted') },
      { run: 'get images -o json', has: [], until: true },
      { run: 'get base-images -o json', has: [], until: true },
    ],
  },
  cleanup,
]
