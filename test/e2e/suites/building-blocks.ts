/** What several of the original's suites do. */
import { type CleanStep, type CommandStep, reaches, type Step, seedLines, seedReady } from '../stories/step.ts'

export const cleanAll: CleanStep = {
  clean: [
    ...['subscriptions', 'eventdrivers', 'eventdrivertypes', 'apis', 'functions', 'secrets', 'images', 'base-images'],
  ],
}

export const loadImages = {
  title: 'batch load images',
  steps: [{ run: 'create seed-images', prints: seedLines('Created') }, ...seedReady],
}

export const cleanup = { title: 'cleanup', steps: [cleanAll] }

/** The original skips it too. */
export const skipped = (title: string) => ({ title: `${title} (the original skips it)`, steps: [] })

export interface FunctionSpec {
  name: string
  image: string
  path: string
  handler: string
  options?: string
}

export const createFunction = ({ name, image, path, handler, options = '' }: FunctionSpec): CommandStep => ({
  run: `create function --image=${image} ${name} ${path} --handler=${handler} ${options}`,
  prints: `Created function: ${name}\n`,
})

export const createReady = (spec: FunctionSpec): readonly Step[] => [
  createFunction(spec),
  reaches('function', spec.name),
]

export const onNode = (name: string, handler: string): FunctionSpec => ({
  name,
  image: 'nodejs',
  path: 'examples/nodejs',
  handler,
})
